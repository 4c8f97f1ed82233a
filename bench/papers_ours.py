"""One way to make one paper with our own code or our engine alone, measured in the process that does it.

Starting Python and loading the program is left out; the database, the template, the layout and the storage
with its fsync are in. What the server process of the database spent is told apart.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from bench import naive

TICKS = os.sysconf("SC_CLK_TCK")
Made = tuple[int, int, int]  # pages, bytes, files or cards


def main(way: str, paper: int, most: int) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
    django.setup()
    from django.db import connection

    import conference.urls  # what a worker loads before its first task; the engine and pyHanko take seconds
    from documents import making, pdf, signing
    from documents.models import Document

    assert conference.urls
    assert pdf
    assert signing
    assert making
    document = Document.objects.select_related("conference").get(pk=paper)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
    make: Callable[[Any, int], Made] = {
        "made": _made, "full": _in_full, "naive": _naive, "one": _one_document
    }[way]  # fmt: skip
    _forget(document)
    begun, server, wall = _cpu(), cpu_of(backend), time.perf_counter()
    pages, size, cards = make(document, most)
    figures = {
        "cpu": _cpu() - begun,
        "database": cpu_of(backend) - server,
        "wall": time.perf_counter() - wall,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "pages": pages,
        "size": size,
        "cards": cards,
    }
    print(json.dumps(figures))


def _forget(document: Any) -> None:
    """Files that another row has kept would only be copied: nothing would be laid out."""
    from documents.kinds import KINDS
    from documents.models import CertificateFile

    kind = KINDS[document.kind]
    if kind.keeps_in:
        CertificateFile.objects.filter(kind=kind.kept_as, certificate__in=kind.subjects(document)).delete()


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def cpu_of(pid: int) -> float:
    """What another process has spent, user and system."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / TICKS


def _made(document: Any, _most: int) -> Made:
    """All pieces, one after another, and the join, as one worker would."""
    from documents import making, storing

    for part in document.parts.order_by("index").values_list("pk", flat=True):
        making.make_part(part)
    document.refresh_from_db()
    if document.state != document.State.READY:
        raise RuntimeError(document.error or document.state)
    cards = sum(len(part.subjects) for part in document.parts.all())
    if not document.each:
        return document.pages, document.size, cards
    with zipfile.ZipFile(storing.path(document.file)) as archive:
        return document.pages, sum(one.file_size for one in archive.infolist()), cards


def _in_full(document: Any, most: int) -> Made:
    """The same as if no template could be stamped."""
    from documents import pixel_guard

    with mock.patch.object(pixel_guard, "stamped", return_value=None):
        return _made(document, most)


def _naive(document: Any, most: int) -> Made:
    """One call of the engine per person, one file each; the database is asked once for all."""
    from documents.kinds import KINDS

    document.each = True
    kind = KINDS[document.kind]
    content = kind.content(document, kind.subjects(document)[:most])
    size = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, card in enumerate(content.cards):
            page = naive.page(document, content, kind.laid_alone(document, card))
            images = {card.qr: content.images[card.qr]}
            path = Path(folder, f"{number}.pdf")
            naive.laid_out(page, images, kind.stylesheets).write_pdf(path, pdf_variant=kind.variant)
            size += path.stat().st_size
    return len(content.cards), size, len(content.cards)


def _one_document(document: Any, most: int) -> Made:
    """One call of the engine for everybody."""
    from documents.kinds import KINDS

    kind = KINDS[document.kind]
    content = kind.content(document, kind.subjects(document)[:most])
    page = naive.page(document, content, kind.laid(document, content.cards))
    laid = naive.laid_out(page, content.images, kind.stylesheets)
    pdf = laid.write_pdf(pdf_variant=kind.variant)
    return len(laid.pages), len(pdf), len(content.cards)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
