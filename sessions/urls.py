"""Addresses of the reception desk and of the released programme, below the name of a conference."""

from django.urls import path

from sessions import views, views_feeds, views_programme

app_name = "thematic"

urlpatterns = [
    path("<slug:conference>/reception/", views.reception, name="reception"),
    path("<slug:conference>/reception/record/", views.record, name="reception_record"),
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
]
