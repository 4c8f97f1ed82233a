"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """`demo`: this installation shows invented people; `site_name`: what the product is called."""
    return {"demo": settings.DEMO, "site_name": settings.SITE_NAME}
