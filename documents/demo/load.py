"""Writes an invented conference: bodies, delegations, quotas, people, programme and who was seen there."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from random import Random

from django.db import transaction

from attendees import answers, receipts
from attendees.models import Attendee, Category, Delegation, Quota, Receipt
from conference import journal
from conference.models import Conference, LegalBasis, OrganisationKind, OrganisingBody, Unit, UnitSet
from documents.demo import bodies, components, issuing, journeys, names, opinions, presences, programme
from documents.demo.people import VIETNAM, write
from documents.demo.plan import DECLINED, HOST, Draft, plan
from mailing import outbox

SLUG = "da-lat-2024"
FIRST_DAY = datetime.date(2024, 6, 6)
DEADLINE = datetime.datetime(2024, 5, 31, 17, tzinfo=VIETNAM)
EXTENDED = datetime.datetime(2024, 6, 6, 17, tzinfo=VIETNAM)
INVITED = datetime.datetime(2024, 5, 20, 9, tzinfo=VIETNAM)
BEFORE_INVITING = datetime.datetime(2024, 5, 20, 8, 30, tzinfo=VIETNAM)
NOW = datetime.datetime(2024, 6, 6, 10, 15, tzinfo=VIETNAM)  # the first break of the first day
TITLE = (
    "Hội nghị tập huấn truyền thông quảng bá hình ảnh Việt Nam, góp phần nâng cao chất lượng hiệu quả "
    "công tác thông tin đối ngoại trong tình hình mới"
)
NOTHING_IS_SENT = "Dữ liệu minh họa: thư chỉ được gửi sau khi Ban Tổ chức cho gửi trở lại."
FIRST_CENTRAL_POSITION = 101  # behind the units, whose place is their code
EMPTY_SEAT_REASONS = ("Không bố trí được cán bộ", "Trùng lịch công tác", "Đơn vị kiêm nhiệm, không cử riêng")
DECLINE_REASONS = ("Bận công tác phòng, chống thiên tai", "Trùng kỳ họp của HĐND tỉnh")
RETURNED_TO = "hai-duong"
RETURN_REMARK = "Danh sách chưa có văn bản cử đại biểu kèm theo"
RETURNED = 0.4  # of the empty seats


@transaction.atomic
def load(slug: str, people: int, seed: int) -> Conference:
    """Makes the conference `slug` with `people` counted people. The same seed gives the same ones."""
    rng = names.seeded(f"plan {seed}")
    conference = _frame(slug)
    drafts = plan(list(conference.units().order_by("code")), people, rng)
    delegations = _delegations(conference, drafts)
    _quotas(conference, drafts, delegations, rng)
    seated, gone = write(conference, drafts, delegations, seed)
    journeys.ask(conference, EXTENDED)
    journeys.answer(conference, seated, seed)
    Attendee.objects.bulk_create(gone)
    Attendee.objects.bulk_create(seated)
    _heads(delegations, seated)
    _receipts(conference)
    sessions = programme.load(conference, seated, INVITED)
    presences.load(sessions, seated, seed, rng)
    opinions.load(sessions, seated, seed)
    issuing.load(conference)
    journal.record("demo", conference, by=None, conference=conference, changes={"people": [None, people]})
    return conference


@transaction.atomic
def load_uninvited(slug: str) -> Conference:
    """The same conference on the morning of the invitations: delegations and seats, no letter, no person."""
    conference = _frame(slug)
    conference.demo_now, conference.status = BEFORE_INVITING, Conference.Status.REGISTERING
    conference.save()
    delegations = answers.invite_units(conference, by=None)
    for delegation in delegations:
        delegation.contact_name, delegation.contact_email = _contact(delegation.name, delegation.code)
    Delegation.objects.bulk_update(delegations, ["contact_name", "contact_email"])
    programme.load(conference, (), BEFORE_INVITING)
    journal.record("demo", conference, by=None, conference=conference, changes={"people": [None, 0]})
    return conference


def _contact(name: str, code: str) -> tuple[str, str]:
    """Whom to write to in an invented delegation: "Đầu mối tỉnh Quảng Nam", at no real address."""
    return f"Đầu mối {name[0].lower()}{name[1:]}", f"{code}@dau-moi.example"


def _frame(slug: str) -> Conference:
    """The conference with its bodies and components, before anybody is asked."""
    conference = _conference(slug)
    kinds = bodies.load_kinds()
    organisations = bodies.load_organisations(list(conference.units().order_by("code")), kinds)
    for position, (name, role) in enumerate(
        ((bodies.MINISTRY, OrganisingBody.Role.CHAIR), ("UBND tỉnh Lâm Đồng", OrganisingBody.Role.PARTNER))
    ):
        OrganisingBody.objects.create(
            conference=conference, organisation=organisations[name], role=role, position=position
        )
    _categories(conference, kinds)
    outbox.hold(conference, by=None, reason=NOTHING_IS_SENT)
    return conference


def _conference(slug: str) -> Conference:
    conference = Conference.objects.create(
        slug=slug,
        title=TITLE,
        short_title="Hội nghị tập huấn truyền thông quảng bá hình ảnh Việt Nam",
        status=Conference.Status.RUNNING,
        unit_set=UnitSet.SIXTY_THREE,
        starts_on=FIRST_DAY,
        ends_on=FIRST_DAY + datetime.timedelta(days=1),
        venue="Hội trường lớn (giả định)",
        place="thành phố Đà Lạt, tỉnh Lâm Đồng",
        host_unit=Unit.objects.valid_on(FIRST_DAY).get(unit_set=UnitSet.SIXTY_THREE, slug=HOST),
        confirm_by=DEADLINE,
        contact_name="Tổ Thư ký Ban Tổ chức",
        contact_phone="+84500000000",
        contact_email="bantochuc@hoinghi.example",
        issuing_agency=bodies.MINISTRY,
        symbol="BTTTT",
        issue_place="Hà Nội",
        drafting_unit="TTĐN",
        cost_note="Cơ quan cử đại biểu chi trả tiền đi lại và phòng nghỉ theo quy định; Ban Tổ chức bố trí "
        "ăn trưa và nước uống giữa giờ",
        signer_authority="KT. BỘ TRƯỞNG",
        signer_title="THỨ TRƯỞNG",
        signer_name="(Họ và tên người ký)",  # the founding document names no signer
        is_demo=True,
        demo_now=NOW,
    )
    LegalBasis.objects.bulk_create(
        LegalBasis(
            conference=conference, position=position, number=number, issuer=issuer, issued_on=day, title=title
        )
        for position, (number, issuer, day, title) in enumerate(LEGAL_BASES)
    )
    return conference


LEGAL_BASES = (
    (
        "Kết luận số 57-KL/TW",
        "Bộ Chính trị",
        datetime.date(2023, 6, 15),
        "Tiếp tục nâng cao chất lượng, hiệu quả công tác thông tin đối ngoại trong tình hình mới",
    ),
    (
        "Nghị quyết số 47/NQ-CP",
        "Chính phủ",
        datetime.date(2024, 4, 15),
        "Chương trình hành động của Chính phủ đến năm 2030 thực hiện Kết luận số 57-KL/TW của Bộ Chính trị "
        "về tiếp tục nâng cao chất lượng, hiệu quả công tác thông tin đối ngoại trong tình hình mới",
    ),
)


def _categories(conference: Conference, kinds: dict[str, OrganisationKind]) -> None:
    Category.objects.bulk_create(
        Category(
            conference=conference,
            slug=part.slug,
            name=part.name,
            short_name=part.short_name,
            band=part.band,
            organisation_kind=kinds[part.kind],
            needs_border_guard=part.needs_border_guard,
            is_central=bool(part.delegation),
            default_seats=0 if part.delegation else 1,
            position=position,
        )
        for position, part in enumerate(components.ALL, start=1)
    )


def _delegations(conference: Conference, drafts: list[Draft]) -> dict[str, Delegation]:
    made = []
    for i, draft in enumerate(drafts):
        review = _review(draft, i)
        still_open = draft.unit and draft.state in (Delegation.Status.WAITING, Delegation.Status.ANSWERING)
        declined = draft.state == Delegation.Status.DECLINED
        name = draft.unit.full_name if draft.unit else components.CENTRAL_DELEGATIONS[draft.code]
        contact_name, contact_email = _contact(name, draft.code) if draft.unit else ("", "")
        made.append(
            Delegation(
                conference=conference,
                unit=draft.unit,
                code=draft.code,
                name=name,
                contact_name=contact_name,
                contact_email=contact_email,
                position=int(draft.unit.code) if draft.unit else FIRST_CENTRAL_POSITION + i,
                status=draft.state,
                extended_to=EXTENDED if still_open else None,
                answered_at=None
                if draft.state == Delegation.Status.WAITING
                else DEADLINE - datetime.timedelta(days=1 + i % 4, minutes=37 * i % 480),  # in office hours
                decline_reason=DECLINE_REASONS[DECLINED.index(draft.code)] if declined else "",
                invited_at=INVITED,
                review=review,
                reviewed_at=DEADLINE if review else None,
                review_remark=RETURN_REMARK if review == Delegation.Review.RETURNED else "",
            )
        )
    return {delegation.code: delegation for delegation in Delegation.objects.bulk_create(made)}


def _review(draft: Draft, number: int) -> str:
    """Most answers are accepted, a few still wait for it, and one was given back."""
    if draft.code == RETURNED_TO:
        return Delegation.Review.RETURNED
    is_sent = draft.state in Delegation.SENT
    return Delegation.Review.ACCEPTED if is_sent and number % 9 else Delegation.Review.NONE


def _quotas(
    conference: Conference, drafts: list[Draft], delegations: dict[str, Delegation], rng: Random
) -> None:
    """Seats by component; of those that stay empty in a closed answer some were given back with a reason."""
    categories = {category.slug: category for category in conference.categories.all()}
    quotas = []
    for draft in drafts:
        for slug, seats in draft.seats.items():
            free = draft.free(slug) if draft.unit and draft.state == Delegation.Status.CONFIRMED else 0
            declined = free if rng.random() < RETURNED else 0
            quotas.append(
                Quota(
                    delegation=delegations[draft.code],
                    category=categories[slug],
                    seats=seats,
                    declined=declined,
                    decline_reason=rng.choice(EMPTY_SEAT_REASONS) if declined else "",
                )
            )
    Quota.objects.bulk_create(quotas)


def _heads(delegations: dict[str, Delegation], people: Sequence[Attendee]) -> None:
    """The first component in its order leads a delegation."""
    for person in sorted(people, key=lambda person: person.category.position):
        delegation = delegations[person.delegation.code]
        if delegation.unit_id and delegation.head is None and person.status == Attendee.Status.CONFIRMED:
            delegation.head = person
    Delegation.objects.bulk_update(delegations.values(), ["head"])


def _receipts(conference: Conference) -> None:
    """One for every answer that a unit has sent. No letter is written about them."""
    sent = conference.delegations.of_units().filter(status__in=Delegation.SENT).select_related("conference")
    made = []
    for one in sent:
        content = receipts.content_of(one)
        made.append(
            Receipt(
                delegation=one,
                number=1,
                sent_at=one.answered_at or conference.now(),
                sent_by=one.contact_name,
                content=content,
                sha256=receipts.digest(content),
            )
        )
    Receipt.objects.bulk_create(made)
