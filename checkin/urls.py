"""Addresses of the door, below a conference's name."""

from django.urls import path

from checkin import views, views_app

app_name = "checkin"

urlpatterns = [
    path("sw.js", views_app.app_worker, name="app_worker"),
    path("<slug:conference>/door/", views_app.app, name="app"),
    path("<slug:conference>/door/app.webmanifest", views_app.app_manifest, name="app_manifest"),
    path("<slug:conference>/door/api/day/", views.day, name="day"),
    path("<slug:conference>/door/api/pair/", views.pair, name="pair"),
    path("<slug:conference>/door/api/photo/<slug:code>/", views.photo, name="photo"),
    path("<slug:conference>/door/api/relay/", views.relay, name="relay"),
    path("<slug:conference>/door/api/scans/", views.scans, name="scans"),
    path("<slug:conference>/door/api/state/", views.state, name="state"),
]
