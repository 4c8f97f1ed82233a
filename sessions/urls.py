"""Addresses of the reception, the programme, speakers, materials, sign-up, below a conference's name."""

from django.urls import path

from sessions import (
    views,
    views_badge,
    views_choices,
    views_feedback,
    views_feeds,
    views_materials,
    views_programme,
    views_receiving,
    views_running,
    views_self,
    views_sheets,
    views_speakers,
    views_speaking,
)

app_name = "thematic"

_MATERIALS = "<slug:conference>/people/<slug:person>/materials/"
_CHOICES = "<slug:conference>/people/<slug:person>/choices/"
_FEEDBACK = "<slug:conference>/people/<slug:person>/feedback/"
_SPEAKER = "<slug:conference>/speakers/<slug:speaker>/"
_SPEAKING = "<slug:conference>/people/<slug:person>/speaking/"

urlpatterns = [
    path("<slug:conference>/reception/", views.reception, name="reception"),
    path("<slug:conference>/reception/record/", views.record, name="reception_record"),
    path("<slug:conference>/reception/undo/", views.undo, name="reception_undo"),
    path(
        "<slug:conference>/reception/delegations/<slug:code>/",
        views_receiving.delegation,
        name="reception_delegation",
    ),
    path("<slug:conference>/reception/register/", views_receiving.register, name="reception_register"),
    path(
        "<slug:conference>/reception/people/<slug:person>/substitute/",
        views_receiving.substitute,
        name="reception_substitute",
    ),
    path(
        "<slug:conference>/reception/people/<slug:person>/badge/", views_badge.badge, name="reception_badge"
    ),
    path("<slug:conference>/reception/sheets/", views_sheets.sheets, name="sheets"),
    path("<slug:conference>/reception/sheets/rows/", views_sheets.rows, name="sheet_rows"),
    path("<slug:conference>/reception/sheets/<slug:code>/", views_sheets.sheet, name="sheet"),
    path("<slug:conference>/here/<slug:item>/<slug:token>/", views_self.enter, name="self_check_in"),
    path("<slug:conference>/here/<slug:item>/", views_self.confirm, name="self_check_in_confirm"),
    path("<slug:conference>/now/", views_running.now, name="now"),
    path("<slug:conference>/now/<slug:hall>/", views_running.screen, name="now_screen"),
    path("<slug:conference>/programme/calendar.ics", views_feeds.calendar, name="programme_calendar"),
    path("<slug:conference>/programme/schedule.json", views_feeds.schedule, name="programme_schedule"),
    path("<slug:conference>/programme/versions.atom", views_feeds.versions, name="programme_feed"),
    path(
        "<slug:conference>/programme/sessions/<slug:code>.ics",
        views_feeds.session_calendar,
        name="session_calendar",
    ),
    path("<slug:conference>/programme/own/<slug:token>.ics", views_feeds.own, name="programme_own"),
    path("<slug:conference>/programme/draft/", views_programme.draft, name="programme_draft"),
    path("<slug:conference>/programme/versions/", views_programme.versions, name="programme_versions"),
    path(
        "<slug:conference>/programme/versions/<int:number>/",
        views_programme.version,
        name="programme_version",
    ),
    path(_MATERIALS, views_materials.materials, name="materials"),
    path(f"{_MATERIALS}<slug:material>/", views_materials.download, name="material_download"),
    path(_CHOICES, views_choices.choices, name="choices"),
    path(f"{_CHOICES}<slug:item>/take/", views_choices.take, name="choice_take"),
    path(f"{_CHOICES}<slug:item>/leave/", views_choices.leave, name="choice_leave"),
    path(
        "<slug:conference>/delegations/<slug:code>/choices/",
        views_choices.delegation_choices,
        name="delegation_choices",
    ),
    path(_FEEDBACK, views_feedback.offers, name="feedback"),
    path(f"{_FEEDBACK}give/", views_feedback.give, name="feedback_give"),
    path("<slug:conference>/ballots/<str:paper>/", views_feedback.ballot, name="ballot"),
    path(_SPEAKER, views_speakers.speaker, name="speaker"),
    path(f"{_SPEAKER}photo/", views_speakers.photo, name="speaker_photo"),
    path(_SPEAKING, views_speaking.page, name="speaking"),
    path(f"{_SPEAKING}introduce/", views_speaking.introduce, name="speaking_introduce"),
    path(f"{_SPEAKING}needs/", views_speaking.needs, name="speaking_needs"),
    path(f"{_SPEAKING}photo/", views_speaking.photo, name="speaking_photo"),
    path(f"{_SPEAKING}<slug:item>/confirm/", views_speaking.confirm, name="speaking_confirm"),
    path(f"{_SPEAKING}<slug:item>/slides/", views_speaking.slides, name="speaking_slides"),
    path(f"{_SPEAKING}<slug:item>/decline/", views_speaking.decline, name="speaking_decline"),
]
