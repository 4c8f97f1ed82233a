"""Takes a list back: exactly what it did, where nobody has changed it since; otherwise nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from attendees import holding
from attendees.importing.staging import require_may_import
from attendees.importing.taking import AT_ONCE, WRITTEN
from attendees.models import Attendee, Delegation, ImportBatch, Link, Question, Quota
from attendees.question_values import for_journal
from conference import journal
from conference.journal import Actor
from conference.models import JournalEntry

MOMENTS = ("replaced_at", "reviewed_at", "answered_at")
BESIDE = (Attendee, Delegation, Link)  # what a list writes itself, and the address of a page that goes


class Changed(Exception):
    """Rows that are no longer as the list left them: (person, why). Nothing was taken back."""

    def __init__(self, rows: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in rows))
        self.rows = rows


@transaction.atomic
def undo(batch: ImportBatch, *, by: Actor | None) -> ImportBatch:
    """Takes back what the list did. Raises `Changed`; done twice it changes nothing."""
    rows = ImportBatch.objects.select_for_update(of=("self",)).select_related("conference", "delegation")
    held = rows.get(pk=batch.pk)
    require_may_import(held.conference, held.delegation, by)
    if held.state == ImportBatch.State.UNDONE:
        return held
    if held.state != ImportBatch.State.TAKEN:
        raise ValidationError(_("Danh sách này chưa được nhập."), code="gone")
    if "made" not in held.outcome:
        raise ValidationError(_("Đã quá thời hạn giữ danh sách này. Không hoàn lại được."), code="gone")
    _Undoing(held, by).run()
    held.state, held.undone_at = ImportBatch.State.UNDONE, held.conference.now()
    held.version += 1
    held.save(update_fields=("state", "undone_at", "version"))
    journal.record("undo_import", held, by=by, conference=held.conference)
    return held


class _Undoing:
    def __init__(self, batch: ImportBatch, by: Actor | None) -> None:
        self.by, self.conference = by, batch.conference
        self.made = dict(batch.outcome["made"])
        self.changed = {key: (version, before) for key, version, before in batch.outcome["changed"]}
        self.answers = {key: (version, before) for key, version, before in batch.outcome["delegations"]}
        self.said = {int(key): pairs for key, pairs in batch.outcome.get("answers", {}).items()}
        self.places = {one.pk: one for one in holding.hold_all(self.answers, by=by)}
        self.people = Attendee.objects.select_related("category").in_bulk([*self.made, *self.changed])
        for one in self.people.values():
            one.conference = self.conference

    def run(self) -> None:
        if faults := [*self._faults(), *self._no_seats()]:
            raise Changed(faults)
        entries = [entry for key in self.changed for entry in self._restore(key)]
        restored = [self.people[key] for key in self.changed]
        gone = [self.people[key] for key in self.made]
        entries += [journal.entry("remove", one, by=self.by, conference=self.conference) for one in gone]
        journal.record_all(entries)
        self._answers_before(gone)
        Attendee.objects.filter(pk__in=self.made).delete()
        if restored:
            columns = ("replaced_at", "replaced_by_name", *WRITTEN)
            Attendee.objects.bulk_create(
                restored, AT_ONCE, update_conflicts=True, unique_fields=("id",), update_fields=columns
            )

    # ── What stands in the way ────────────────────────────────────────────────────────────────────

    def _faults(self) -> Iterable[tuple[str, str]]:
        bound = self._bound()
        for key, version in [*self.made.items(), *((key, held[0]) for key, held in self.changed.items())]:
            person = self.people.get(key)
            if person is None:
                yield _("Một người đã nhập"), _("không còn trong danh sách")
            elif person.version != version:
                yield person.full_name, _("đã sửa hoặc xác nhận sau khi nhập")
            elif self._has_answered(key, person):
                yield person.full_name, _("đã trả lời lại câu hỏi sau khi nhập")
            elif key in bound:
                yield person.full_name, _("từ khi nhập đã có %s") % ", ".join(bound[key])

    def _has_answered(self, key: int, person: Attendee) -> bool:
        """Since the list: anything at all where the list made the person, else what the list answered."""
        ours = {slug: after for slug, (_before, after) in self.said.get(key, {}).items()}
        theirs = person.extra if key in self.made else {slug: person.extra.get(slug) for slug in ours}
        return theirs != ours

    def _bound(self) -> dict[int, list[str]]:
        """What points by now to whom the list made, in words: rows of any room, which no version tells of.

        Whom the list changed had such rows before; they are bound by having been there, or by a paper.
        """
        back = [key for key, (_version, before) in self.changed.items() if "status" in before]
        found: dict[int, list[str]] = defaultdict(list)
        for relation in Attendee._meta.related_objects:
            model, column = relation.field.model, relation.field.name
            if model in BESIDE:
                continue
            keys = [*self.made, *(back if relation.name in ("attendances", "certificates") else ())]
            rows = model._default_manager.filter(**{f"{column}__in": keys}).order_by()
            for key in rows.values_list(column, flat=True).distinct():
                found[key].append(str(model._meta.verbose_name))
        return found

    def _no_seats(self) -> Iterable[tuple[str, str]]:
        """Who would go back to a seat that somebody else has by now."""
        wanted: Counter[tuple[int, int]] = Counter()
        for key, person in self.people.items():
            if person.is_active:
                wanted[person.delegation_id, person.category_id] -= 1
            if key in self.changed and self._stands_before(person, "status") in Attendee.ACTIVE:
                wanted[person.delegation_id, self._stands_before(person, "category_id")] += 1
        for (place, category), count in wanted.items():
            quota = Quota.objects.filter(delegation=place, category=category).first()
            seated = Attendee.objects.filter(delegation=place, category=category).active().count()
            if count > 0 and count > holding.free_seats(quota, seated):
                yield str(quota.category if quota else category), _("không còn suất trống để trả người về")

    def _stands_before(self, person: Attendee, field: str) -> Any:
        _version, before = self.changed[person.pk]
        return before.get(field, getattr(person, field))

    # ── Back ──────────────────────────────────────────────────────────────────────────────────────

    def _restore(self, key: int) -> Iterable[JournalEntry]:
        person, (_version, before) = self.people[key], self.changed[key]
        changes = journal.differences({name: getattr(person, name) for name in before}, before)
        for name, value in before.items():
            setattr(person, name, _moment(name, value))
        person.version += 1
        person.prepare()
        if changes:
            yield journal.entry("edit", person, by=self.by, conference=self.conference, changes=changes)
        if said := self.said.get(key):
            yield self._answer_again(person, said)

    def _answer_again(self, person: Attendee, said: dict[str, list[Any]]) -> JournalEntry:
        """The answers as they were, with the moments of consent among them."""
        asked = {slug: one for slug, one in self.questions.items() if slug in said}
        changes = {
            one.label: [for_journal(one, value) for value in reversed(said[slug])]
            for slug, one in asked.items()
        }
        before = {slug: old for slug, (old, _new) in said.items()}
        person.extra = {
            slug: value for slug, value in {**person.extra, **before}.items() if value is not None
        }
        return journal.entry(
            "answer_questions", person, by=self.by, conference=self.conference, changes=changes
        )

    @cached_property
    def questions(self) -> dict[str, Question]:
        return {one.slug: one for one in self.conference.questions.for_people()}

    def _answers_before(self, gone: list[Attendee]) -> None:
        """The answers of the delegations: as they were, unless somebody has acted there since."""
        for key, (version, before) in self.answers.items():
            held = self.places[key]
            if held.version == version:
                self._answer_before(held, before)
            else:
                lost = next((one for one in gone if one.pk == held.head_id), None)
                head = holding.head_without(held, lost) if lost else {}
                holding.touch(held, by=self.by, status=held.status, **head)

    def _answer_before(self, held: Delegation, before: dict[str, Any]) -> None:
        changes = journal.differences({name: getattr(held, name) for name in before}, before)
        for name, value in before.items():
            setattr(held, name, _moment(name, value))
        held.version += 1
        held.save()
        journal.record("answer", held, by=self.by, conference=self.conference, changes=changes)


def _moment(name: str, value: Any) -> Any:
    return parse_datetime(value) if name in MOMENTS and value else value
