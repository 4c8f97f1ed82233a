"""The acts about materials: a version is kept, a material is withdrawn, a copy is handed out."""

from __future__ import annotations

from typing import NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from attendees import codes
from attendees.holding import Stale, hold_alone
from attendees.inspecting import Inert
from attendees.models import Attendee
from conference import journal, moments, storing, vietnamese
from conference.guests import Guest
from conference.journal import Actor
from conference.kept_words import in_vietnamese
from conference.models import User
from sessions import returning
from sessions.materials import MaterialQuerySet, require_unmarked
from sessions.models import Material, MaterialDownload, MaterialVersion, Session
from sessions.stamping import stamp

FOLDER = "materials"
PDF = "application/pdf"
LONGEST_REMARK = 500
State = MaterialVersion.State


class Copy(NamedTuple):
    """What the browser gets."""

    name: str
    data: bytes
    content_type: str


def meant_for(person: Attendee) -> MaterialQuerySet:
    """What there is for this person, in the order of the programme; two queries."""
    rows = Material.objects.meant_for(person).select_related("session__conference")
    return rows.prefetch_related("versions").order_by("session__day", "session__starts", "pk")


# ── Versions ──────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def keep(material: Material, inert: Inert, *, by: User) -> MaterialVersion:
    """A file of the organisers as the next version. The same file as the newest is that version."""
    require_unmarked(inert.name)
    return _keep(_hold(material, by), inert, State.APPROVED, by=by)


@transaction.atomic
def offer(session: Session, person: Attendee, inert: Inert, *, by: Guest) -> MaterialVersion:
    """A speaker sends slides for a session; nobody takes them before an organiser has approved them."""
    require_unmarked(inert.name)
    if by.attendee_id != person.pk or not session.participations.filter(attendee=person).exists():
        raise PermissionDenied
    hold_alone(person.pk)
    material = session.materials.filter(offered_by=person, withdrawn_at=None).first()
    if material is None:
        with in_vietnamese():  # kept for everybody, whoever sends it
            title = _("Bài trình bày: %s") % person.full_name
        material = Material.objects.create(session=session, offered_by=person, title=title)
    material.session = session
    return _keep(material, inert, State.WAITING, by=by)


@transaction.atomic
def approve(material: Material, *, by: User, number: int | None = None) -> bool:
    """From now on people take what the speaker sent. Returns False when nothing waits.

    Raises `Stale` when another version than `number` is the newest.
    """
    return _settle(_hold(material, by), State.APPROVED, "", number, by)


@transaction.atomic
def give_back(material: Material, remark: str, *, by: User, number: int | None = None) -> bool:
    """The speaker reads the remark, and a letter waits for them; they send another file.

    Returns False when nothing waits.
    """
    remark = vietnamese.clean(remark)[:LONGEST_REMARK]
    if not remark:
        raise ValidationError({"remark": _("Ghi nhận xét.")}, code="remark")
    current = _hold(material, by)
    done = _settle(current, State.RETURNED, remark, number, by)
    if done and current.offered_by is not None:
        returning.draft(current.offered_by, f"tệp “{current.title}”", remark, by=by)
    return done


def _keep(current: Material, inert: Inert, state: str, *, by: Actor) -> MaterialVersion:
    newest = current.versions.order_by("-number").first()
    name, sha256, size = storing.keep_bytes(inert.data, FOLDER, inert.suffix)
    if newest is not None and newest.sha256 == sha256 and newest.state != State.RETURNED:
        return newest
    conference = current.session.conference
    current.versions.filter(state=State.WAITING).update(state=State.RETURNED)  # another took its place
    made = MaterialVersion.objects.create(
        material=current,
        number=newest.number + 1 if newest else 1,
        name=inert.name,
        file=name,
        content_type=inert.content_type,
        size=size,
        sha256=sha256,
        state=state,
        given_by=str(by),
        given_at=conference.now(),
    )
    about = current.offered_by
    changes = {"name": ["", made.name]}
    journal.record("upload", current, by=by, conference=conference, changes=changes, about=about)
    return made


def _settle(current: Material, state: str, remark: str, number: int | None, by: User) -> bool:
    newest = current.versions.order_by("-number").first()
    if newest is None or newest.state != State.WAITING:
        return False
    if number not in (None, newest.number):
        raise Stale(current)
    newest.state, newest.remark = state, remark
    newest.save(update_fields=("state", "remark"))
    act = "accept" if state == State.APPROVED else "return"
    changes = {"state": [str(State.WAITING), state], "remark": ["", remark]}
    conference = current.session.conference
    journal.record(act, current, by=by, conference=conference, changes=changes, about=current.offered_by)
    return True


# ── Copies ────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def withdraw(material: Material, *, by: User) -> bool:
    """Nobody takes it any more; versions and the log stay. Returns False when it was withdrawn before."""
    current = _hold(material, by)
    if current.withdrawn_at is not None:
        return False
    current.withdrawn_at = current.session.conference.now()
    current.save(update_fields=("withdrawn_at",))
    journal.record("withdraw", current, by=by, conference=current.session.conference)
    return True


def hand_out(material: Material, person: Attendee, *, by: Guest) -> Copy:
    """A copy for this person, written down; a PDF carries name and code on every page.

    Raises ValidationError before the session begins, and where no copy with the name can be made.
    """
    if by.attendee_id != person.pk or not person.is_active:
        raise PermissionDenied
    if not Material.objects.meant_for(person).filter(pk=material.pk).exists():
        raise PermissionDenied
    if not material.is_open and material.opens_at:
        when = moments.moment(material.opens_at)
        raise ValidationError(_("Tài liệu này mở lúc %s.") % when, code="closed")
    version = material.latest
    try:
        data = storing.read(version.file) if version else b""
    except FileNotFoundError:
        version = None
    if version is None:
        raise ValidationError(_("Không còn tệp của tài liệu này. Gọi Ban Tổ chức."), code="gone")
    if version.content_type == PDF:
        data = stamp(data, _lines(material, person))
    now = material.session.conference.now()
    with transaction.atomic():
        hold_alone(person.pk)  # whose name is about to be written: nobody erases them meanwhile, or has
        MaterialDownload.objects.create(version=version, attendee=person, name=str(person), at=now)
    return Copy(version.name, data, version.content_type)


def _lines(material: Material, person: Attendee) -> list[str]:
    mark = "Lưu hành nội bộ" if material.classification == Material.Classification.INTERNAL else ""
    return list(filter(None, (person.full_name, codes.group(person.code), mark)))


def _hold(material: Material, by: User) -> Material:
    """The row, after the speaker who offered it: `offer` holds only them, who erases them does so first."""
    list(
        Attendee.objects.select_for_update(of=("self",)).filter(offered_materials=material).values_list("pk")
    )
    rows = Material.objects.select_for_update(of=("self",)).select_related(
        "session__conference", "offered_by"
    )
    current = rows.get(pk=material.pk)
    if not current.session.conference.is_run_by(by):
        raise PermissionDenied
    return current
