"""`manage.py import_people FILE --conference SLUG`: a list of people from a spreadsheet, as at the desk."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils.translation import gettext as _

from attendees import importing
from attendees.importing.ground import Ground
from attendees.models import Delegation, ImportBatch
from attendees.workbooks import Reading, Unreadable
from attendees.workbooks.shapes import ERROR
from conference.models import Conference

CLEAN, PROBLEMS, UNREADABLE = 0, 1, 2


class Command(BaseCommand):
    """Takes the list as a whole when there is no error and nothing to decide; else it takes nothing."""

    help = "Import people from a spreadsheet. Exit code 0: clean, 1: problems, 2: unreadable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--conference", required=True, metavar="SLUG")
        parser.add_argument("--unit", metavar="CODE", help="one delegation: its code, or its unit's")
        parser.add_argument("--dry-run", action="store_true", help="read and compare, write nothing")
        parser.add_argument("--json", action="store_true", help="print people and problems as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        conference = Conference.objects.filter(slug=options["conference"]).first()
        if conference is None:
            raise CommandError(f"There is no conference {options['conference']}.", returncode=UNREADABLE)
        delegation = self._delegation(conference, options["unit"]) if options["unit"] else None
        path: Path = options["file"]
        try:
            with path.open("rb") as opened:
                act = self._looked_at if options["dry_run"] else self._taken
                said = act(conference, delegation, File(opened, path.name))
        except OSError as error:
            sentence = f"{path} cannot be opened: {error.strerror}."
            raise CommandError(sentence, returncode=UNREADABLE) from error
        except Unreadable as refused:
            self._refuse(path, refused.told(_), as_json=options["json"])
        said = {"file": path.name, "conference": conference.slug, **said}
        self._say(said, as_json=options["json"])
        failed = any(problem["level"] == ERROR for problem in said["problems"])
        if failed or not (options["dry_run"] or said["taken"]):
            raise SystemExit(PROBLEMS)

    def _delegation(self, conference: Conference, code: str) -> Delegation:
        rows = conference.delegations.select_related("unit")
        found = rows.filter(Q(code=code) | Q(unit__code=code)).first()
        if found is None:
            raise CommandError(f"There is no delegation {code} in {conference.slug}.", returncode=UNREADABLE)
        return found

    # ── Acts ──

    def _looked_at(self, conference: Conference, delegation: Delegation | None, file: File) -> dict[str, Any]:
        """What would happen; no row and no file is left behind."""
        _name, _data, reading = importing.read(conference, file, delegation)
        batch = ImportBatch(conference=conference, delegation=delegation)
        return self._listed(reading, importing.compare(Ground(batch, None), reading, {}, 0), taken=False)

    def _taken(self, conference: Conference, delegation: Delegation | None, file: File) -> dict[str, Any]:
        batch = importing.stage(conference, file, by=None, delegation=delegation)
        shown, taken = importing.preview(batch, by=None), False
        if shown.is_ready:
            try:
                importing.take(batch, by=None)
                taken = True
            except ValidationError:  # somebody was faster: what stands in the way now is shown
                shown = importing.preview(batch, by=None)
        reading = importing.reading_of(batch)
        if not taken and any(one.level == ERROR for one in shown.problems):
            importing.drop(batch, by=None)  # what is only to be decided waits at the desk
        return self._listed(reading, shown, taken=taken)

    @staticmethod
    def _listed(reading: Reading, shown: importing.Comparison, *, taken: bool) -> dict[str, Any]:
        rows = {(row.person.sheet, row.person.row): row for row in shown.rows}
        people = []
        for person in reading.people:
            row = rows[person.sheet, person.row]
            people.append(
                person.as_listed()
                | {
                    "outcome": row.act.value,
                    "delegation": row.delegation.code if row.delegation else "",
                    "component": row.category.slug if row.category else "",
                    "changes": row.changes,
                }
            )
        problems = [problem.as_listed() for problem in shown.problems]
        said = {"kind": reading.kind, "taken": taken, "counts": dict(shown.counts)}
        return {**said, "people": people, "problems": problems}

    # ── Words ──

    def _say(self, said: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(said, ensure_ascii=False, default=str))
            return
        for problem in said["problems"]:
            self.stdout.write("{level}: {sheet} {cell}: {sentence}".format(**problem))
        counts = ", ".join(f"{importing.Act(act).label} {count}" for act, count in said["counts"].items())
        done = _("Đã nhập danh sách") if said["taken"] else _("Chưa nhập gì")
        self.stdout.write(f"{said['file']}: {counts}. {done}.")

    def _refuse(self, path: Path, sentence: str, *, as_json: bool) -> None:
        if as_json:
            problem = {"sheet": "", "row": None, "column": None, "level": ERROR, "sentence": sentence}
            problem |= {"code": "unreadable", "field": "", "cell": ""}
            said = {"file": path.name, "kind": "", "taken": False, "people": [], "problems": [problem]}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            self.stderr.write(sentence)
        raise SystemExit(UNREADABLE)
