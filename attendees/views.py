"""The officers' portal: one delegation, its seats, and the acts on them. Organisers use it too."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendees import answering, answers, bonds, conflicts, pooling, privacy
from attendees.answering import find_category, find_delegation, find_person, find_portal
from attendees.entering import delegation_page
from attendees.forms import (
    EditForm,
    PersonForm,
    PersonReasonForm,
    ReasonForm,
    ReplaceForm,
    SeatReasonForm,
    UploadForm,
    VersionForm,
)
from attendees.forms_board import SeatsBackForm
from attendees.models import Attendee, Delegation
from attendees.seats import Seats
from conference.models import Conference

require_form = require_http_methods(["GET", "HEAD", "POST"])


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────────


@require_safe
@login_required
def delegations(request: HttpRequest, conference: str) -> HttpResponse:
    """The delegations of one conference that the person may see."""
    found = get_object_or_404(Conference.objects.visible_to(request.user), slug=conference)
    rows = Delegation.objects.visible_to(request.user).filter(conference=found)
    rows = rows.select_related("conference").with_counts()
    if not rows and not Conference.objects.on_desk_of(request.user).filter(pk=found.pk).exists():
        raise Http404
    return render(request, "attendees/delegation_list.html", {"conference": found, "delegations": rows})


@require_safe
@delegation_page
def delegation(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """Who is missing, and until when."""
    portal = find_portal(request, conference, code)
    return answering.draw(request, portal, files=UploadForm() if portal.is_editing else None)


# ── The delegation as a whole ─────────────────────────────────────────────────────────────────────


@require_POST
@delegation_page
def confirm(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """Everybody on the list comes."""
    portal = find_portal(request, conference, code)

    def act(version: int) -> None:
        answers.confirm(portal.delegation, by=portal.user, version=version)

    def clash(stale: answers.Stale) -> HttpResponse:
        current = find_delegation(request, conference, code)
        fields = {"version": current.version, "shown": Seats(current).shown}
        rows = conflicts.of_list(current, request.POST.get("shown", ""))
        keep = _("Gửi danh sách bây giờ")
        return answering.draw_conflict(request, portal, current, rows, fields=fields, keep=keep, is_list=True)

    return answering.press(request, portal, VersionForm(request.POST), act, clash)


@require_form
@delegation_page
def decline(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """Nobody comes."""
    portal = find_portal(request, conference, code)
    form = ReasonForm(request.POST or None, initial={"version": portal.delegation.version})

    def act() -> None:
        answers.decline(portal.delegation, by=portal.user, **form.cleaned_data)

    def clash(stale: answers.Stale) -> HttpResponse:
        current, reason = find_delegation(request, conference, code), form.cleaned_data["reason"]
        rows = conflicts.of_delegation(current, _("Không cử đoàn: %s") % reason)
        fields = {"version": current.version, "reason": reason}
        return answering.draw_conflict(
            request, portal, current, rows, fields=fields, keep=_("Vẫn không cử đoàn")
        )

    question = {
        "title": _("Không cử đoàn dự hội nghị?"),
        "text": _("Mọi người trong danh sách được rút. Cử lại được đến hết hạn."),
        "verb": _("Không cử đoàn"),
        "done": "",
    }
    return answering.ask(request, portal, form, act, clash, question)


# ── Seats ─────────────────────────────────────────────────────────────────────────────────────────


@require_form
@delegation_page
def nominate(request: HttpRequest, conference: str, code: str, category: str) -> HttpResponse:
    """Somebody for an open seat."""
    portal = find_portal(request, conference, code)
    chosen = find_category(portal, category)
    new = Attendee(conference=portal.conference, delegation=portal.delegation, category=chosen)
    form = PersonForm(request.POST or None, instance=new)

    def act() -> Attendee:
        key = form.cleaned_data["request_key"]
        return answers.nominate(portal.delegation, chosen, by=portal.user, request_key=key, **form.person())

    heading = {"title": _("Cử người"), "verb": _("Lưu"), "note": chosen.name}
    place = {"at": f"nominate:{chosen.slug}", "heading": heading, "done": _("Đã cử %s.")}
    return answering.fill(request, portal, form, act, place)


@require_form
@delegation_page
def decline_seat(request: HttpRequest, conference: str, code: str, category: str) -> HttpResponse:
    """Nobody for an open seat."""
    portal = find_portal(request, conference, code)
    chosen = find_category(portal, category)
    quota = get_object_or_404(portal.delegation.quotas, category=chosen)
    form = SeatReasonForm(request.POST or None, initial={"shown": quota.declined})

    def act() -> None:
        reason, shown = form.cleaned_data["reason"], form.cleaned_data["shown"]
        answers.decline_seats(portal.delegation, chosen, shown + 1, reason, by=portal.user, shown=shown)

    def clash(stale: answers.Stale) -> HttpResponse:
        quota.refresh_from_db()
        rows = conflicts.of_quota(quota, form.cleaned_data["reason"])
        fields = {"shown": quota.declined, "reason": form.cleaned_data["reason"]}
        keep = _("Để trống thêm một suất")
        return answering.draw_conflict(request, portal, quota, rows, fields=fields, keep=keep)

    question = {
        "title": _("Không cử người vào suất này?"),
        "text": _("%s. Suất để trống, cử lại được đến hết hạn.") % chosen.name,
        "verb": _("Không cử"),
        "done": _("Không cử người: %s.") % chosen.name,
    }
    return answering.ask(request, portal, form, act, clash, question)


@require_POST
@delegation_page
def reopen_seat(request: HttpRequest, conference: str, code: str, category: str) -> HttpResponse:
    """Somebody will come after all."""
    portal = find_portal(request, conference, code)
    chosen, form = find_category(portal, category), VersionForm({"version": request.POST.get("shown")})

    def act(shown: int) -> None:
        answers.decline_seats(portal.delegation, chosen, shown - 1, "", by=portal.user, shown=shown)

    # When somebody was faster the page shows what they did: no value of this person is lost by that.
    return answering.press(request, portal, form, act, lambda stale: redirect(portal.url("delegation")))


@require_form
@delegation_page
def return_seats(request: HttpRequest, conference: str, code: str, category: str) -> HttpResponse:
    """Seats of a component that others may have: to the organisers, for good."""
    portal = find_portal(request, conference, code)
    chosen = find_category(portal, category)
    part = portal.seats.of(chosen)
    form = SeatsBackForm(request.POST or None, initial={"seats": 1, "shown": part.seats})

    def act() -> None:
        pooling.release(portal.delegation, chosen, by=portal.user, **form.cleaned_data)

    def clash(stale: answers.Stale) -> HttpResponse:
        quota, said = portal.delegation.quotas.get(category=chosen), form.cleaned_data
        rows = conflicts.of_return(quota, said["seats"], said["reason"])
        fields = {**said, "shown": quota.seats}
        return answering.draw_conflict(request, portal, quota, rows, fields=fields, keep=_("Vẫn trả lại"))

    question = {
        "title": _("Trả lại suất cho Ban Tổ chức?"),
        "text": _(
            "%(category)s: %(n)s suất chưa có người. Suất trả lại được cấp cho đoàn khác, đoàn không tự lấy "
            "lại được. Còn có thể cử người thì chọn Không cử."
        )
        % {"category": chosen.name, "n": part.loose},
        "verb": _("Trả lại suất"),
        "done": _("Đã trả lại suất: %s.") % chosen.name,
        "danger": True,
    }
    return answering.ask(request, portal, form, act, clash, question)


# ── People ────────────────────────────────────────────────────────────────────────────────────────


@require_form
@delegation_page
def edit(request: HttpRequest, conference: str, code: str, person: str) -> HttpResponse:
    """What is written about a person."""
    portal = find_portal(request, conference, code)
    found = find_person(request, portal, person)
    closed = privacy.closed_contacts(found, portal.user, request.session)
    row = find_person(request, portal, person)  # the form writes into it what was typed
    form = EditForm(request.POST or None, instance=row, delegation=portal.delegation, closed=closed)

    def act() -> Attendee:
        return answers.edit(found, by=portal.user, version=form.cleaned_data["version"], **form.person())

    place = {
        "at": f"person:{found.code}",
        "heading": {"title": _("Sửa thông tin"), "verb": _("Lưu"), "note": found.addressed},
        "done": _("Đã lưu %s."),
        "more": portal.more_person_acts(found),
    }
    return answering.fill(request, portal, form, act, place)


@require_form
@delegation_page
def replace(request: HttpRequest, conference: str, code: str, person: str) -> HttpResponse:
    """Somebody else on the same seat."""
    portal = find_portal(request, conference, code)
    found = find_person(request, portal, person)
    new = Attendee(conference=portal.conference, delegation=portal.delegation, category=found.category)
    new.version = found.version
    form = ReplaceForm(request.POST or None, instance=new)

    def act() -> Attendee:
        said = {name: form.cleaned_data[name] for name in ("version", "request_key", "reason")}
        return answers.replace(found, by=portal.user, **said, **form.person())

    heading = {"title": _("Cử người thay"), "verb": _("Lưu người thay"), "note": found.addressed}
    place = {"at": f"person:{found.code}", "heading": heading, "done": _("Đã thay bằng %s.")}
    return answering.fill(request, portal, form, act, place)


@require_POST
@delegation_page
def confirm_person(request: HttpRequest, conference: str, code: str, person: str) -> HttpResponse:
    """This person comes."""
    portal = find_portal(request, conference, code)
    found, form = find_person(request, portal, person), VersionForm(request.POST)

    def act(version: int) -> None:
        answers.confirm_person(found, by=portal.user, version=version)

    clash = answering.press_conflict(request, portal, person, _("Xác nhận"), _("Vẫn xác nhận"))
    done = _("Đã xác nhận %s.") % found.addressed
    return answering.press(request, portal, form, act, clash, done=done, person=found)


@require_form
@delegation_page
def decline_person(request: HttpRequest, conference: str, code: str, person: str) -> HttpResponse:
    """This person does not come."""
    portal = find_portal(request, conference, code)
    found = find_person(request, portal, person)
    form = PersonReasonForm(request.POST or None, initial={"version": found.version})

    def act() -> None:
        answers.decline_person(found, by=portal.user, **form.cleaned_data)

    def clash(stale: answers.Stale) -> HttpResponse:
        current = find_person(request, portal, person)
        mine = _("Không tham dự: %s") % form.cleaned_data["reason"]
        rows = [conflicts.Row(current.category.name, conflicts.line(current), mine)]
        fields = {**form.cleaned_data, "version": current.version}
        return answering.draw_conflict(request, portal, current, rows, fields=fields)

    question = {
        "title": _("%s không tham dự?") % found.addressed,
        "text": _("%s. Tên được rút khỏi danh sách đoàn.") % found.category.name,
        "verb": _("Ghi không tham dự"),
        "done": _("%s không tham dự.") % found.addressed,
    }
    return answering.ask(request, portal, form, act, clash, question)


@require_form
@delegation_page
def remove(request: HttpRequest, conference: str, code: str, person: str) -> HttpResponse:
    """This person was put on the list by mistake."""
    portal = find_portal(request, conference, code)
    if request.method == "POST" and not portal.delegation.attendees.filter(code=person).exists():
        return redirect(portal.url("delegation"))  # sent twice: what was asked for is so already
    found = find_person(request, portal, person)
    form = VersionForm(request.POST or None, initial={"version": found.version})

    def act() -> None:
        answers.remove(found, by=portal.user, version=form.cleaned_data["version"])

    question = {
        "title": _("Xóa %s khỏi danh sách?") % found.addressed,
        "text": " ".join(
            (_("Dùng khi nhập nhầm. Người được thay, nếu có, trở lại danh sách."), *_lost(found))
        ),
        "verb": _("Xóa"),
        "done": _("Đã xóa %s khỏi danh sách.") % found.addressed,
        "danger": True,
    }
    clash = answering.press_conflict(request, portal, person, _("Xóa khỏi danh sách"), _("Vẫn xóa"))
    return answering.ask(request, portal, form, act, clash, question)


def _lost(person: Attendee) -> list[str]:
    """What goes with the person, as a sentence; none where nothing does."""
    told = [f"{kind} ({number})" for kind, number in bonds.lost_with(person).items()]
    return [_("Cùng bị xóa: %s.") % ", ".join(told)] if told else []


@require_POST
@delegation_page
def choose_head(request: HttpRequest, conference: str, code: str, person: str) -> HttpResponse:
    """This person leads the delegation."""
    portal = find_portal(request, conference, code)
    found, form = find_person(request, portal, person), VersionForm(request.POST)

    def act(version: int) -> None:
        answers.choose_head(found, by=portal.user, version=version)

    def clash(stale: answers.Stale) -> HttpResponse:
        current = find_delegation(request, conference, code)
        head = current.head.addressed if current.head else _("Chưa chọn")
        rows = [conflicts.Row(_("Trưởng đoàn"), head, found.addressed)]
        return answering.draw_conflict(request, portal, current, rows, fields={"version": current.version})

    done = _("%s là trưởng đoàn.") % found.addressed
    return answering.press(request, portal, form, act, clash, done=done, person=found)
