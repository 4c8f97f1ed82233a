"""Addresses of delegations, below the name of a conference."""

from django.urls import path

from attendees import (
    views,
    views_answer,
    views_journal,
    views_links,
    views_lists,
    views_own,
    views_person,
    views_questions,
)

app_name = "attendees"

_ALL = "<slug:conference>/delegations/"
_ONE = f"{_ALL}<slug:code>/"
_SEAT = f"{_ONE}seats/<slug:category>/"
_PERSON = f"{_ONE}people/<slug:person>/"
_LIST = f"{_ONE}list/<uuid:batch>/"

_ATTENDEE = "<slug:conference>/people/<slug:person>/"

urlpatterns = [
    path("l/leave/", views_links.leave, name="link_leave"),
    path("l/<str:token>/", views_links.link, name="link"),
    path(_ALL, views.delegations, name="delegations"),
    path(_ONE, views.delegation, name="delegation"),
    path(f"{_ONE}answer/", views_answer.answer, name="delegation_answer"),
    path(f"{_ONE}answer/draft/", views_answer.draft, name="answer_draft"),
    path(f"{_ONE}uploads/", views_answer.uploads, name="uploads"),
    path(f"{_ONE}uploads/<slug:sha256>/", views_answer.upload, name="upload"),
    path(f"{_ONE}confirm/", views.confirm, name="delegation_confirm"),
    path(f"{_ONE}decline/", views.decline, name="delegation_decline"),
    path(f"{_SEAT}nominate/", views.nominate, name="person_nominate"),
    path(f"{_SEAT}decline/", views.decline_seat, name="seat_decline"),
    path(f"{_SEAT}reopen/", views.reopen_seat, name="seat_reopen"),
    path(f"{_SEAT}return/", views.return_seats, name="seat_return"),
    path(f"{_PERSON}edit/", views.edit, name="person_edit"),
    path(f"{_PERSON}replace/", views.replace, name="person_replace"),
    path(f"{_PERSON}confirm/", views.confirm_person, name="person_confirm"),
    path(f"{_PERSON}decline/", views.decline_person, name="person_decline"),
    path(f"{_PERSON}remove/", views.remove, name="person_remove"),
    path(f"{_PERSON}head/", views.choose_head, name="person_head"),
    path(f"{_ONE}changes/", views_journal.changes, name="changes"),
    path(f"{_ONE}questions/", views_questions.questions, name="questions"),
    path(f"{_PERSON}questions/", views_questions.person_questions, name="person_questions"),
    path(_ATTENDEE, views_person.page, name="attendee_page"),
    path(f"{_ATTENDEE}notice/", views_person.notice, name="attendee_notice"),
    path(f"{_ATTENDEE}correct/", views_person.correct, name="attendee_correct"),
    path(f"{_ATTENDEE}data/", views_own.data, name="attendee_data"),
    path(f"{_ATTENDEE}data/file/", views_own.data_file, name="attendee_data_file"),
    path(f"{_ATTENDEE}data/consent/", views_own.withdraw_consent, name="attendee_consent"),
    path(f"{_ATTENDEE}data/erasure/", views_own.ask_erasure, name="attendee_erasure"),
    path(f"{_ATTENDEE}answer/", views_person.answer, name="attendee_answer"),
    path(f"{_ONE}list/", views_lists.upload, name="list"),
    path(f"{_ONE}list/template/", views_lists.template, name="list_template"),
    path(f"{_LIST}columns/", views_lists.columns, name="list_columns"),
    path(_LIST, views_lists.preview, name="list_preview"),
    path(f"{_LIST}take/", views_lists.take, name="list_take"),
    path(f"{_LIST}undo/", views_lists.undo, name="list_undo"),
    path(f"{_LIST}drop/", views_lists.drop, name="list_drop"),
    path(f"{_LIST}marked/", views_lists.marked, name="list_marked"),
]
