"""Pages that send their moving part alone: a script asks the page's own address, with this header."""

from django.http import HttpRequest

FRAGMENT = "X-Fragment"


def is_asked(request: HttpRequest, part: str) -> bool:
    """Does a script want this part only?"""
    return request.headers.get(FRAGMENT) == part
