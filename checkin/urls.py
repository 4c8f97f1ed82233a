"""Addresses of the door, below a conference's name."""

from django.urls import path

from checkin import views

app_name = "checkin"

urlpatterns = [
    path("<slug:conference>/door/api/day/", views.day, name="day"),
    path("<slug:conference>/door/api/pair/", views.pair, name="pair"),
    path("<slug:conference>/door/api/relay/", views.relay, name="relay"),
    path("<slug:conference>/door/api/scans/", views.scans, name="scans"),
    path("<slug:conference>/door/api/state/", views.state, name="state"),
]
