"""How a kept photo of a person is handed to a browser."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from conference import storing


def shown_picture(name: str) -> HttpResponse:
    """A photo by its name below MEDIA_ROOT: shown, never run; 404 where there is none."""
    path = storing.path(name) if name else None
    if path is None or not path.is_file():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
