"""The app of the door: its page, the worker that serves it without a network, its manifest.

The page is the same for everybody and says nothing of the conference: whether there is one, a phone learns
when it is paired. So no view here asks the database, and no address tells what is there.
"""

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from checkin import app_files
from checkin.app_words import words

# The reader of QR codes is WebAssembly; nothing else is loosened.
POLICY = {"script-src": ["'wasm-unsafe-eval'"], "worker-src": [SELF], "manifest-src": [SELF]}
PAPER = "#FBF8F3"  # --paper


@require_safe
@gzip_page
@csp_update(POLICY)  # type: ignore[arg-type]  # its annotation knows views without arguments only
def app(request: HttpRequest, conference: str) -> HttpResponse:
    """The app; `conference` need not be there."""
    response = render(request, app_files.PAGE, {"slug": conference, "words": words()})
    response["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@gzip_page
@cache_control(no_cache=True)
def app_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from the root, so that it may serve below every conference."""
    context = {
        "version": app_files.version(),
        "files": app_files.addresses(app_files.FILES),
        "late": app_files.addresses(app_files.LATE),
    }
    return render(request, "checkin/sw.js", context, content_type="text/javascript")


@require_safe
def app_manifest(request: HttpRequest, conference: str) -> HttpResponse:
    """What a phone needs to install the app."""
    page = reverse("checkin:app", args=(conference,))
    manifest = {
        "id": page,
        "name": _("Quét thẻ · Hội Nghị"),
        "short_name": _("Quét thẻ"),
        "start_url": page,
        "scope": page,
        "display": "standalone",
        "orientation": "portrait",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [{"src": static("img/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return JsonResponse(manifest, content_type="application/manifest+json")
