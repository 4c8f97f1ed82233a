"""Addresses of the reception desk and of the released programme, below the name of a conference."""

from django.urls import path

from sessions import views, views_programme

app_name = "thematic"

urlpatterns = [
    path("<slug:conference>/reception/", views.reception, name="reception"),
    path("<slug:conference>/reception/record/", views.record, name="reception_record"),
    path("<slug:conference>/programme/draft/", views_programme.draft, name="programme_draft"),
    path("<slug:conference>/programme/versions/", views_programme.versions, name="programme_versions"),
    path(
        "<slug:conference>/programme/versions/<int:number>/",
        views_programme.version,
        name="programme_version",
    ),
]
