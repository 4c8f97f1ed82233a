"""`manage.py paper KIND --conference SLUG --out PATH`: make a paper here and now, through the same engine."""

import json
import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from attendees.models import Delegation
from conference.models import Conference
from documents import producing, requests, storing
from documents.errors import PaperError
from documents.kinds import KINDS
from documents.models import Document


class Command(BaseCommand):
    """Leaves no request behind."""

    help = "Render a paper here and now and print pages, seconds and bytes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(kind.slug for kind in KINDS.values() if kind.is_offered))
        parser.add_argument("--conference", required=True, metavar="SLUG")
        parser.add_argument("--delegation", metavar="CODE", action="append", default=[])
        parser.add_argument("--each", action="store_true", help="a ZIP with one PDF for each person")
        parser.add_argument("--out", required=True, type=Path)
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        out: Path = options["out"]
        require_writable(out)
        try:
            document, pieces = self._plan(options)
            paper = self._make(document, pieces)
        except (PaperError, ValidationError) as error:
            raise CommandError(str(error)) from error
        storing.copy(paper.name, out)
        figures = {
            "kind": document.kind,
            "people": document.total,
            "pages": paper.pages,
            "seconds": round(time.perf_counter() - started, 3),
            "bytes": paper.size,
            "sha256": paper.sha256,
            "out": str(out),
        }
        line = "{out}: {pages} pages, {people} people, {seconds} s, {bytes} bytes".format(**figures)
        self.stdout.write(json.dumps(figures, ensure_ascii=False) if options["json"] else line)

    def _plan(self, options: dict[str, Any]) -> tuple[Document, list[list[Any]]]:
        conference = Conference.objects.filter(slug=options["conference"]).first()
        if conference is None:
            raise CommandError(f"There is no conference {options['conference']}.")
        wanted = options["delegation"]
        delegations = list(
            Delegation.objects.filter(conference=conference, code__in=wanted).select_related("unit")
        )
        if missing := set(wanted) - {delegation.code for delegation in delegations}:
            raise CommandError(f"There is no delegation {', '.join(sorted(missing))}.")
        scope = requests.Scope(delegations=delegations)
        document = requests.describe(options["kind"], conference, by=None, scope=scope, each=options["each"])
        kind = KINDS[document.kind]
        if options["each"] and not kind.may_be_each:
            raise CommandError(f"{kind.slug} is one document; --each is for papers of one person.")
        with transaction.atomic():
            kind.prepare(document, by=None)
            pieces = kind.parts(document)
        document.total = sum(map(kind.weigh, pieces))
        return document, pieces

    def _make(self, document: Document, pieces: list[list[Any]]) -> producing.Piece:
        folder = f"{storing.PIECES}/command-{document.public_id}"
        try:
            made = [producing.make(document, subjects, folder) for subjects in pieces]
            return producing.join(document, [(piece.name, piece.pages) for piece in made])
        finally:
            storing.forget_folder(folder)


def require_writable(out: Path) -> None:
    """Asked before anything is made, or gets a number."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.is_dir():
            raise CommandError(f"{out} is a folder; name the file in it.")
        may = os.access(out if out.exists() else out.parent, os.W_OK)
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
    if not may:
        raise CommandError(f"{out} cannot be written by this account.")
