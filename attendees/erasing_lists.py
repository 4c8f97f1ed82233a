"""What this room holds of a person beside their own row: spreadsheets, drafts, receipts. In `ERASERS`."""

from __future__ import annotations

from typing import Any

from attendees import receipts
from attendees.models import Attendee, Delegation, Draft, ImportBatch, Receipt
from conference.account_traces import Traces
from conference.erasing import Erasing
from conference.purposes import ERASED_NAME, Kept
from conference.retention import Forgetting


def erase(erasing: Erasing) -> None:
    """Called by `conference.erasing` before the rows of the person go by the table."""
    person: Attendee = erasing.person
    _drafts(erasing)
    _receipts(erasing, person)
    for batch in ImportBatch.objects.filter(conference=person.conference_id).iterator(20):
        if _tells(batch, person, erasing):
            _empty(batch, person, erasing)


def erase_account(traces: Traces) -> None:
    """Called by `conference.account_erasing`, before columns go by the table: drafts and receipts.

    Its rows are held in the order of the acts that hold several, as for a person.
    """
    conference = traces.conference
    teams = Delegation.objects.filter(conference=conference)
    for wanted in (ImportBatch.objects.filter(conference=conference), teams):
        list(wanted.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    traces.delegations |= {one.pk for one in teams if traces.names(one.contact_name, one.contact_email)}
    traces.delegations |= set(teams.filter(officers=traces.person).values_list("pk", flat=True))
    drafts = Draft.objects.filter(delegation__in=teams)
    own = [one.pk for one in drafts if traces.names(one.saved_by)]
    drafts.filter(pk__in=own).delete()
    traces.count("attendees.Draft", "fields", len(own))
    for one in Receipt.objects.filter(delegation__in=teams).iterator(100):
        content, sent_by = traces.struck(one.content), traces.struck(one.sent_by)
        if (content, sent_by) != (one.content, one.sent_by):
            _rewrite(one, content, sent_by)
            traces.count("attendees.Receipt", "content", 1)
            traces.delegations.add(one.delegation_id)


def _drafts(erasing: Erasing) -> None:
    """A draft is one page of loose fields: one that names the person goes as a whole."""
    drafts = Draft.objects.filter(delegation__conference=erasing.conference.pk)
    named = [one.pk for one in drafts if erasing.mentions.inside([one.fields, one.saved_by])]
    drafts.filter(pk__in=named).delete()
    erasing.count("attendees.Draft", "fields", len(named))


def _receipts(erasing: Erasing, person: Attendee) -> None:
    """The line of the person in what the delegation sent; texts elsewhere that name them.

    The hash says of the frozen content what stands in it now: the paper that was printed is not asked again.
    """
    for one in Receipt.objects.filter(delegation__conference=person.conference_id).iterator(100):
        content = erasing.mentions.struck(one.content)
        for line in content.get("people", ()):
            if line.get("code") == person.code:
                line |= {"name": ERASED_NAME} | {key: "" for key in ("title", "organisation") if key in line}
        sent_by = erasing.mentions.struck(one.sent_by)
        if (content, sent_by) != (one.content, one.sent_by):
            _rewrite(one, content, sent_by)
            erasing.count("attendees.Receipt", "content", 1)


def _rewrite(one: Receipt, content: dict[str, Any], sent_by: str) -> None:
    sha256 = receipts.digest(content) if content != one.content else one.sha256
    Receipt.objects.filter(pk=one.pk).update(content=content, sha256=sha256, sent_by=sent_by)


def _tells(batch: ImportBatch, person: Attendee, erasing: Erasing) -> bool:
    """Did this list make or change the person, or does it name them?"""
    keys = [one[0] for key in ("made", "changed") for one in batch.outcome.get(key, ())]
    told: list[Any] = [batch.name, batch.reading, batch.choices, batch.outcome, batch.given_by_name]
    return person.pk in keys or erasing.mentions.inside(told)


def _empty(batch: ImportBatch, person: Attendee, erasing: Erasing) -> None:
    """The file and what was read in it go; of what was done with it only the rows of others stay."""
    outcome = erasing.mentions.struck(batch.outcome)
    for key in ("made", "changed"):
        if key in outcome:
            outcome[key] = [one for one in outcome[key] if one[0] != person.pk]
    outcome.get("answers", {}).pop(str(person.pk), None)
    is_open = batch.state == ImportBatch.State.READ
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=ImportBatch.State.DROPPED if is_open else batch.state,
        file="", reading={}, choices={}, outcome=outcome, version=batch.version + 1,
    )  # fmt: skip
    erasing.forget([batch.file])
    erasing.count("attendees.ImportBatch", "file", 1)


def forget(forgetting: Forgetting) -> None:
    """What is over its time: called by `conference.retention`."""
    conference = forgetting.conference
    if forgetting.is_over(Kept.LOGISTICS):
        drafts = Draft.objects.filter(delegation__conference=conference)
        forgetting.count("attendees.Draft", "fields", drafts.count())
        drafts.delete()
        lists = ImportBatch.objects.filter(conference=conference).exclude(file="", reading={}, outcome={})
        forgetting.count("attendees.ImportBatch", "file", lists.count())
        forgetting.forget(lists.values_list("file", flat=True))
        lists.filter(state=ImportBatch.State.READ).update(state=ImportBatch.State.DROPPED)
        lists.update(file="", reading={}, choices={}, outcome={})
    if forgetting.is_over(Kept.CONTACTS):
        people = Attendee.objects.filter(conference=conference)
        for one in people.exclude(phone="", email="").iterator(500):
            one.phone = one.email = ""  # the table takes them; here they go from what is searched
            one.prepare()
            Attendee.objects.filter(pk=one.pk).update(search_key=one.search_key)
