"""How answers are handed to a browser: photos are shown, other files saved, some pages kept nowhere."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from conference import storing


def shown_picture(name: str) -> HttpResponse:
    """A photo by its stored name: shown, never run; 404 where there is none."""
    response = HttpResponse(stored(name), content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def stored(name: str) -> bytes:
    """A stored file; 404 where there is none, or no name."""
    if not name:
        raise Http404
    try:
        return storing.read(name)
    except FileNotFoundError:
        raise Http404 from None


def kept_nowhere(response: HttpResponse) -> HttpResponse:
    """A page behind a secret address: no cache keeps it, no search engine lists it."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store, private"
    return response


def as_download(name: str, data: bytes, content_type: str) -> HttpResponse:
    """A file to be saved, never shown or run by the browser."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response
