"""Addresses of the reception desk, below the name of a conference."""

from django.urls import path

from sessions import views

app_name = "thematic"

urlpatterns = [
    path("<slug:conference>/reception/", views.reception, name="reception"),
    path("<slug:conference>/reception/record/", views.record, name="reception_record"),
]
