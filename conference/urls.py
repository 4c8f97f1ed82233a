"""Every address of the site. Names of conferences come last: reserved words are in `RESERVED_SLUGS`."""

from allauth.account.views import email
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import require_safe

from conference import views, views_watching

pages = (
    [
        path("", views.home, name="home"),
        path("start/", views.start, name="start"),
        path("components/", views.components, name="components"),
        path("<slug:conference>/", views.conference_page, name="public"),
    ],
    "conference",
)

handler400 = "conference.views.unread"
handler500 = "conference.views.fault"

urlpatterns = [
    path("healthz", views_watching.healthz, name="healthz"),
    path("readyz", views_watching.readyz, name="readyz"),
    path("metrics", views_watching.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    # Read only: whose address an account carries decides what it may do, so the organisers change it.
    path("accounts/email/", require_safe(email), name="account_email"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("attendees.urls")),
    path("", include("documents.urls")),
    path("", include("sessions.urls")),
    path("", include("checkin.urls")),
    path("", include(pages)),
]
