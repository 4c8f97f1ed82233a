"""Addresses of papers, below the name of a conference; and the public page that checks a certificate."""

from django.urls import path

from documents import views, views_certificates, views_verify

app_name = "documents"

_ALL = "<slug:conference>/documents/"
_ONE = f"{_ALL}<str:public_id>/"
_RECEIPT = "<slug:conference>/delegations/<slug:code>/receipts/<str:receipt>/"
_DELEGATION = "<slug:conference>/delegations/<slug:code>/certificates/"
_PERSON = "<slug:conference>/people/<slug:person>/certificate/"

urlpatterns = [
    path("v/", views_verify.verify_form, name="verify_form"),
    path("v/<str:code>", views_verify.verify, name="verify"),
    path(_RECEIPT, views.receipt, name="receipt"),
    path(_PERSON, views_certificates.of_person, name="certificate"),
    path(_DELEGATION, views_certificates.of_delegation, name="certificates"),
    path(_ALL, views.papers, name="papers"),
    path(f"{_ALL}ask/", views.ask, name="ask"),
    path(_ONE, views.paper, name="paper"),
    path(f"{_ONE}progress/", views.progress, name="progress"),
    path(f"{_ONE}file/", views.download, name="download"),
    path(f"{_ONE}cancel/", views.cancel, name="cancel"),
    path(f"{_ONE}retry/", views.retry, name="retry"),
]
