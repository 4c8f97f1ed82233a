"""For machines that watch this one. Nothing here tells of a person, a host or a fault in detail."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conference import figures, readiness, watching

KEPT = 5  # seconds; whoever asks more often makes no work


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the web process lives; asks no database."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether the whole installation does its work: 503 with the names of what does not."""
    found = caches["rendered"].get("readyz")
    if found is None:
        found = readiness.report()
        caches["rendered"].set("readyz", found, KEPT)
    words = {part: "ok" if well else "failing" for part, well in found.answers.items()}
    answer = {"status": found.status, "failing": found.failing, "parts": words}
    return JsonResponse(answer, status=503 if found.status == "failing" else 200)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for who shows the token; for everybody else there is no such address."""
    scheme, _blank, given = request.headers.get("Authorization", "").partition(" ")
    is_known = constant_time_compare(given, settings.METRICS_TOKEN)
    if not settings.METRICS_TOKEN or scheme != "Bearer" or not is_known:
        raise Http404
    return HttpResponse(watching.page(), content_type=figures.CONTENT_TYPE)
