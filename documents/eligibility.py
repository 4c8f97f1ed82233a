"""What is known of people before they get a certificate, and what follows: constant in queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from attendees.models import Attendee, AttendeeQuerySet
from conference.models import Conference
from documents import earning
from documents.earning import Exemption, Facts, Held, Outcome, Rule
from documents.missing import Slot
from documents.rules import CertificateDecision, CertificateRule
from sessions.models import Attendance, Session, Slip


@dataclass(frozen=True)
class Judged:
    """One person, what is known of them, and what they earn."""

    person: Attendee
    facts: Facts
    outcome: Outcome


def rule_of(conference: Conference) -> CertificateRule:
    """The row, or what holds where nobody set anything."""
    return conference.certificate_rules.first() or CertificateRule(conference=conference)


def plain(row: CertificateRule) -> Rule:
    """The rule as `earning` reads it."""
    mandatory = row.mandatory.in_order() if row.pk else Session.objects.none()
    categories = row.categories.all() if row.pk else ()
    return as_rule(
        mandatory,
        categories,
        must_come=row.must_come,
        share=row.share,
        complete_share=row.complete_share,
        whole_feedback=row.whole_feedback,
        feedback_sessions=row.feedback_sessions,
    )


def as_rule(mandatory: Iterable[Session], categories: Iterable[Any], **more: Any) -> Rule:
    """A rule of these sessions and components."""
    return Rule(
        mandatory={one.code: one.title for one in mandatory},
        categories={one.slug: one.short_name or one.name for one in categories},
        **more,
    )


def programme(conference: Conference) -> tuple[Slot, ...]:
    """The slots of the plan as it stands."""
    sessions = conference.sessions.filter(kind__in=earning.COUNTED)
    return earning.slots(Held(*row) for row in sessions.values_list("code", "day", "starts", "ends"))


def facts(conference: Conference, people: AttendeeQuerySet) -> list[tuple[Attendee, Facts]]:
    """Each of the people of the conference with what is known of them: four queries for any number."""
    rows = list(people.filter(conference=conference).select_related("category", "delegation"))
    chosen = people.filter(conference=conference).order_by().values("pk")
    seen = _grouped(Attendance.objects.filter(attendee__in=chosen).values_list("attendee", "session__code"))
    slips = Slip.objects.for_feedback().filter(attendee__in=chosen)
    papers = _grouped(slips.values_list("attendee", "session__code"))
    exemptions = _exemptions(chosen)
    return [
        (
            one,
            Facts(
                status=one.status,
                status_word=one.get_status_display(),
                category=one.category.slug,
                category_word=one.category.short_name or one.category.name,
                seen=seen[one.pk],
                papers=papers[one.pk],
                exemption=exemptions.get(one.pk),
            ),
        )
        for one in rows
    ]


def judge(conference: Conference, people: AttendeeQuerySet, rule: Rule | None = None) -> list[Judged]:
    """What each of the people earns, in their order; by another rule than that of the conference if asked."""
    rule = rule or plain(rule_of(conference))
    slots = programme(conference)
    return [
        Judged(one, known, earning.outcome(rule, known, slots)) for one, known in facts(conference, people)
    ]


class Effect(NamedTuple):
    """How many people a rule gives which wording, and how many none."""

    completed: int
    attended: int
    none: int


def effect(rule: Rule, known: Iterable[Facts], slots: tuple[Slot, ...]) -> Effect:
    """What a rule would do to people of whom this is known."""
    found = Counter(earning.outcome(rule, one, slots).wording for one in known)
    return Effect(found[earning.COMPLETED], found[earning.ATTENDED], found[""])


def judge_one(person: Attendee) -> Judged:
    """What this person earns."""
    return judge(person.conference, Attendee.objects.filter(pk=person.pk))[0]


def _grouped(rows: Iterable[tuple[int, str | None]]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for pk, code in rows:
        found[pk].add(code or "")
    return defaultdict(frozenset, {pk: frozenset(codes) for pk, codes in found.items()})


def _exemptions(people: Any) -> dict[int, Exemption]:
    """What was decided last for each of the people; nothing where that was to follow the rule again."""
    last: dict[int, CertificateDecision] = {}
    for one in CertificateDecision.objects.filter(attendee__in=people).order_by("pk"):
        last[one.attendee_id] = one
    return {
        pk: Exemption(one.decision, one.reason, one.by_name)
        for pk, one in last.items()
        if one.decision != CertificateDecision.Decision.BY_RULE
    }
