"""The invented conference: its figures, its deliberate cases, and that nobody real is in it."""

from collections import Counter
from copy import deepcopy
from itertools import pairwise
from random import Random

import pytest
from django.db.models import Count, F, Sum

from attendees import questioning, receipts, travel
from attendees.board import ReviewState, review_state
from attendees.models import Attendee, Delegation, Quota
from attendees.question_values import CONSENT, answers, kept, of_subject
from conference import vietnamese
from conference.models import Conference, JournalEntry, Organisation, OrganisationKind
from documents.demo import names
from documents.demo.load import load
from documents.demo.people import THREE_LINES
from documents.demo.plan import share
from mailing import outbox
from sessions import results, tallying
from sessions.models import Attendance, Participation, Session, Slip

FOUNDING_TOPICS = [
    "Một số điểm mới của Nghị quyết 47/NQ-CP của Chính phủ về Chương trình hành động của Chính phủ đến năm "
    "2030 thực hiện Kết luận số 57-KL/TW của Bộ Chính trị về tiếp tục nâng cao chất lượng, hiệu quả trong "
    "công tác thông tin đối ngoại trong tình hình mới",
    "Nâng cao hiệu quả công tác thông tin đối ngoại của Đảng trong tình hình mới",
    "Tình hình thế giới, khu vực hiện nay và chính sách đối ngoại của Việt Nam",
    "Hướng dẫn truyền thông quảng bá hình ảnh quốc gia, địa phương theo cách làm mới",
]


@pytest.fixture(scope="module")
def loaded(shared_rows: None) -> Conference:
    return load("da-lat-2024", 323, 2024)


@pytest.fixture
def demo(loaded: Conference, db: None) -> Conference:
    return deepcopy(loaded)


def by_category(conference: Conference) -> Counter[str]:
    return Counter(conference.attendees.active().values_list("category__slug", flat=True))


def states(conference: Conference) -> Counter[str]:
    return Counter(conference.delegations.of_units().values_list("status", flat=True))


def described(conference: Conference) -> list[tuple[object, ...]]:
    fields = ("full_name", "position", "rank", "organisation_name", "phone", "email", "birth_year", "status",
              "honorific", "delegation__code", "category__slug", "created_at", "is_walk_in")  # fmt: skip
    return list(conference.attendees.in_order().values_list(*fields))


def test_nothing_is_sent_until_an_organiser_says_so(demo: Conference) -> None:
    hold = outbox.held(demo)
    assert hold is not None
    assert "minh họa" in hold.reason


def test_each_component_has_the_number_of_people_of_the_notes(demo: Conference) -> None:
    assert by_category(demo) == {
        "people-committee": 35, "propaganda": 54, "department": 60, "foreign-information": 45,
        "border-guard": 35, "police": 48, "press": 20,
        "chair": 2, "ministry": 14, "guest": 4, "speaker": 6,
        "organiser": 18, "service": 12, "central-press": 12,
    }  # fmt: skip


def test_of_the_provinces_leaders_ten_send_somebody_of_their_office(demo: Conference) -> None:
    posts = (
        demo.attendees.active().filter(category__slug="people-committee").values_list("position", flat=True)
    )

    assert Counter(posts) == {"Phó Chủ tịch": 25, "Phó Chánh Văn phòng": 10}


def test_63_units_are_invited_with_422_seats_and_six_more_for_the_host(demo: Conference) -> None:
    seats = Quota.objects.filter(delegation__conference=demo).exclude(delegation__unit=None)
    host = seats.filter(delegation__code="lam-dong").aggregate(Sum("seats"))["seats__sum"]

    assert demo.delegations.of_units().count() == 63
    assert host == 12
    assert seats.exclude(delegation__code="lam-dong").aggregate(Sum("seats"))["seats__sum"] == 422 - 6


def test_only_units_with_border_guards_have_seats_for_them(demo: Conference) -> None:
    seats = Quota.objects.filter(delegation__conference=demo, category__slug="border-guard")

    assert seats.count() == 44
    assert not seats.filter(delegation__unit__has_border_guard=False).exists()
    assert not demo.attendees.filter(
        category__slug="border-guard", delegation__unit__has_border_guard=False
    ).exists()


def test_no_component_holds_more_people_than_seats(demo: Conference) -> None:
    taken = Counter(demo.attendees.active().values_list("delegation", "category"))
    seats = Quota.objects.filter(delegation__conference=demo)

    open_seats = {(quota.delegation_id, quota.category_id): quota.open_seats for quota in seats}
    assert [place for place, count in taken.items() if count > open_seats[place]] == []


def test_every_state_of_a_delegation_can_be_shown(demo: Conference) -> None:
    declined = demo.delegations.filter(status=Delegation.Status.DECLINED)
    answering = demo.delegations.filter(status=Delegation.Status.ANSWERING)

    assert states(demo) == {"waiting": 3, "declined": 2, "answering": 6, "confirmed": 52}
    assert all(delegation.decline_reason for delegation in declined)
    assert all(delegation.attendees.nominated().exists() for delegation in answering)
    assert not Attendee.objects.active().filter(delegation__status__in=("waiting", "declined")).exists()
    assert not Attendee.objects.nominated().filter(delegation__status="confirmed").exists()


def test_every_state_of_the_review_can_be_shown(demo: Conference) -> None:
    found = Counter(review_state(one) for one in demo.delegations.all())
    assert set(found) == set(ReviewState)
    assert found[ReviewState.ACCEPTED] > 40
    assert not demo.delegations.filter(invited_at=None).exists()


def test_open_answers_can_still_be_given_and_closed_ones_not(demo: Conference) -> None:
    opened = {
        delegation.status
        for delegation in demo.delegations.select_related("conference")
        if delegation.is_open()
    }

    assert demo.now().isoformat() == "2024-06-06T10:15:00+07:00"
    assert opened == {"waiting", "answering"}


def test_every_answer_that_was_sent_has_its_receipt(demo: Conference) -> None:
    sent = demo.delegations.of_units().filter(status__in=Delegation.SENT)

    assert sent.count() == sent.filter(receipts__number=1).count() == 54
    assert all(receipts.is_current(receipts.last_of(one), one) for one in sent)


def test_every_unit_has_a_contact_at_an_address_that_leads_nowhere(demo: Conference) -> None:
    units = demo.delegations.of_units()

    assert not units.filter(contact_name="").exists()
    assert units.filter(contact_email__endswith="@dau-moi.example").count() == 63


def test_sizes_of_the_delegations_differ_and_the_host_has_twelve(demo: Conference) -> None:
    sizes = dict(
        demo.attendees.active()
        .exclude(delegation__unit=None)
        .values_list("delegation__code")
        .annotate(Count("pk"))
    )

    assert sizes.pop("lam-dong") == 12
    assert set(sizes.values()) == {2, 3, 4, 5, 6, 7}


def test_two_people_of_different_provinces_share_a_name(demo: Conference) -> None:
    namesakes = demo.attendees.filter(full_name="Nguyễn Thị Thu Hương")

    assert set(namesakes.values_list("delegation__code", flat=True)) >= {"ha-noi", "nghe-an"}


def test_one_person_took_the_place_of_another(demo: Conference) -> None:
    substitute = demo.attendees.get(substitute_for__isnull=False)

    assert substitute.substitute_for.status == Attendee.Status.REPLACED
    assert (substitute.delegation, substitute.category) == (
        substitute.substitute_for.delegation,
        substitute.substitute_for.category,
    )


def test_one_telephone_belongs_to_two_people(demo: Conference) -> None:
    shared = demo.attendees.exclude(phone="").values("phone").annotate(times=Count("pk")).filter(times__gt=1)

    assert [row["times"] for row in shared] == [2]


def test_one_person_came_unannounced_and_was_seen(demo: Conference) -> None:
    walk_in = demo.attendees.get(is_walk_in=True)

    assert walk_in.status == Attendee.Status.CONFIRMED
    assert walk_in.attendances.count() == 2


def test_most_of_the_confirmed_were_seen_and_some_were_not(demo: Conference) -> None:
    confirmed, present = demo.attendees.confirmed().count(), demo.attendees.present().count()

    assert 0.85 * confirmed < present < confirmed
    assert not demo.attendees.present().exclude(status=Attendee.Status.CONFIRMED).exists()
    assert not Attendance.objects.filter(session__conference=demo, at__gt=demo.demo_now).exists()
    assert not demo.attendees.filter(created_at__gt=demo.demo_now).exists()


def test_army_and_police_bear_a_rank_and_others_of_the_provinces_none(demo: Conference) -> None:
    provincial = demo.attendees.exclude(delegation__unit=None)
    armed = provincial.filter(category__slug__in=("border-guard", "police"))

    assert not armed.filter(rank="").exists()
    assert not provincial.exclude(rank="").exclude(pk__in=armed).exists()


def test_names_that_defy_rules_and_a_position_of_three_lines_are_there(demo: Conference) -> None:
    found = demo.attendees.filter(
        full_name__in=("H' Xuân Êban", "Công Tằng Tôn Nữ Diệu Hoài", "Giàng A Chinh")
    )

    assert found.count() == 3
    assert demo.attendees.get(position=THREE_LINES).delegation.code == "quang-ninh"
    assert len(THREE_LINES) > 150


def test_the_four_topics_stand_word_for_word(demo: Conference) -> None:
    topics = demo.sessions.filter(kind=Session.Kind.TOPIC).order_by("number")

    assert list(topics.values_list("title", flat=True)) == FOUNDING_TOPICS
    assert len(FOUNDING_TOPICS[0]) == 251


def test_only_the_opening_speaker_is_a_real_person(demo: Conference) -> None:
    opening = Participation.objects.get(session__conference=demo, role=Participation.Role.OPENING)

    assert (opening.full_name, opening.title, opening.is_assumed) == ("Nguyễn Thanh Lâm", "Thứ trưởng", False)
    real = {vietnamese.fold(name) for name in names.KNOWN_PEOPLE.split(",")}
    invented = {vietnamese.fold(name) for name in demo.attendees.values_list("full_name", flat=True)}
    assert real & invented == set()


def test_whoever_speaks_on_a_topic_is_marked_as_assumed(demo: Conference) -> None:
    topics = Participation.objects.filter(session__conference=demo, session__kind=Session.Kind.TOPIC)

    speakers = list(topics.order_by("session__number").values_list("organisation_name", "is_assumed"))
    assert speakers == [
        ("Cục Thông tin đối ngoại, Bộ Thông tin và Truyền thông", True),
        ("Ban Đối ngoại Trung ương", True),
        ("Viện nghiên cứu chiến lược Bộ Ngoại giao", True),
        ("Bộ Thông tin và Truyền thông", True),
    ]


def test_sessions_of_a_day_follow_each_other_without_overlap(demo: Conference) -> None:
    for day in demo.sessions.values_list("day", flat=True).distinct():
        lines = list(demo.sessions.filter(day=day).in_order().values_list("starts", "ends", "part"))
        assert all(before[1] <= after[0] for before, after in pairwise(lines))
        assert [part for _, _, part in lines] == [Session.part_of_day(starts) for starts, _, _ in lines]


def test_bodies_know_until_when_they_existed_and_what_came_after(demo: Conference) -> None:
    border_guard = OrganisationKind.objects.get(slug="border-guard")

    assert str(border_guard.successor) == "Ban Chỉ huy Bộ đội Biên phòng"
    assert border_guard.valid_to.isoformat() == "2025-06-27"
    assert Organisation.objects.get(name="Sở Thông tin và Truyền thông tỉnh Lâm Đồng").unit.slug == "lam-dong"
    assert Organisation.objects.get(name="Ban Tuyên giáo Thành ủy Đà Nẵng").kind.slug == "propaganda"


def test_nothing_on_the_list_reaches_a_real_person(demo: Conference) -> None:
    assert not demo.attendees.exclude(email="").exclude(email__endswith=".example").exists()
    assert not demo.attendees.exclude(phone="").exclude(phone__startswith="+8450").exists()
    assert demo.is_demo
    assert demo.signer_name == "(Họ và tên người ký)"


def test_rows_written_in_bulk_are_what_saving_one_by_one_gives(demo: Conference) -> None:
    for attendee in demo.attendees.all()[::20]:
        before = (
            attendee.sort_key,
            attendee.search_key,
            attendee.code,
            attendee.badge_token,
            attendee.full_name,
        )
        attendee.full_clean()
        attendee.save()
        assert before == (
            attendee.sort_key, attendee.search_key, attendee.code, attendee.badge_token, attendee.full_name
        )  # fmt: skip


def test_people_sort_by_given_name(demo: Conference) -> None:
    given = list(demo.attendees.order_by("sort_key", "pk").values_list("given_name", flat=True))

    assert given[0] in ("Ái", "An", "Anh")
    assert given == sorted(given, key=lambda name: vietnamese.sort_key("", "", name))


def test_the_same_seed_gives_the_same_people_and_another_seed_others(demo: Conference) -> None:
    again, other = load("lan-hai", 323, 2024), load("nguoi-khac", 323, 2025)

    assert described(again) == described(demo)
    assert described(other) != described(demo)
    assert set(other.attendees.values_list("code")) & set(demo.attendees.values_list("code")) == set()


@pytest.mark.parametrize("people", [20, 50, 323, pytest.param(2000, marks=pytest.mark.long)])
def test_any_size_has_the_same_shape(db: None, people: int) -> None:
    conference = load("co-nao-cung-duoc", people, 7)

    counts = by_category(conference)
    beside = counts["organiser"] + counts["service"] + counts["central-press"]
    assert sum(counts.values()) - beside == people
    assert conference.delegations.of_units().count() == 63
    assert counts["department"] == max(counts.values())
    assert states(conference)["declined"] == 2
    assert conference.delegations.get(code="quang-nam").attendees.nominated().count() == 2
    assert not Quota.objects.filter(delegation__conference=conference, declined__gt=F("seats")).exists()


def test_shares_add_up_and_follow_the_weights() -> None:
    rng = Random(1)
    for _ in range(200):
        weights = [rng.randint(1, 60) for _ in range(rng.randint(1, 12))]
        total = rng.randint(0, 5000)
        parts = share(total, weights)
        assert sum(parts) == total
        assert all(abs(p - total * w / sum(weights)) < 1 for p, w in zip(parts, weights, strict=True))


def test_drawn_names_repeat_no_syllable_and_lean_to_their_region() -> None:
    rng = names.seeded("thử")
    south = [names.draw(rng, region="DBSCL", female_share=0.5).full_name for _ in range(400)]
    north = [names.draw(rng, region="DBSH", female_share=0.5).full_name for _ in range(400)]

    assert all(len(set(name.lower().split())) == len(name.split()) for name in south + north)
    families = {
        region: Counter(name.split()[0] for name in drawn) for region, drawn in (("s", south), ("n", north))
    }
    assert families["s"]["Huỳnh"] > families["n"]["Huỳnh"]
    assert families["n"]["Vũ"] > families["s"]["Vũ"]


def test_loading_leaves_its_lines_in_the_journal(demo: Conference) -> None:
    entries = JournalEntry.objects.exclude(act="request-document").order_by("pk")  # told by its moment
    asked = [("add", each["label"]) for each in travel.READY]
    assert list(entries.values_list("act", "subject_name")) == [
        ("hold_mail", str(demo)),
        *asked,
        ("release_programme", "Phiên bản 1"),
        ("draft-certificates", "Đợt 1"),
        ("approve-certificates-on-paper", "Đợt 1"),
        ("issue-certificates", "Đợt 1"),
        ("draft-certificates", "Đợt 2"),
        ("demo", str(demo)),
    ]


def test_most_have_said_how_they_travel_and_the_delegation_to_be_tried_has_not(demo: Conference) -> None:
    seen = travel.overview(demo)
    assert demo.questions.filter(topic="travel").count() == len(travel.READY)
    assert all(question.is_open() for question in demo.questions.select_related("conference"))
    assert 0.5 < seen.answered / seen.total < 0.95
    assert [day.isoformat() for day, _vehicles in seen.arrivals] == ["2024-06-05", "2024-06-06"]
    assert {vehicle for _day, vehicles in seen.arrivals for vehicle, _group in vehicles} <= {
        "Máy bay", "Ô tô của cơ quan", "Xe khách",
    }  # fmt: skip
    assert seen.diets
    owed = questioning.owed(*_people_of(demo, "quang-nam"))
    assert owed == 2 * (demo.delegations.get(code="quang-nam").attendees.active().count() - 1)


def _people_of(conference: Conference, code: str) -> tuple[Delegation, list[Attendee]]:
    delegation = conference.delegations.select_related("conference").get(code=code)
    return delegation, list(delegation.attendees.active())


def test_answers_are_such_as_the_questions_take_and_sensitive_ones_were_agreed_to(demo: Conference) -> None:
    for person in demo.attendees.exclude(extra={}):
        for answer in answers(person, of_subject(person)):
            assert kept(answer.question, answer.value) == (answer.value or None)
            if answer.question.is_sensitive and answer.value:
                assert person.extra[f"{CONSENT}{answer.question.slug}"]


def test_the_topic_that_is_over_has_opinions_and_a_test_as_people_would_have_left_them(
    demo: Conference,
) -> None:
    found = {one.code: one for one in results.overall(demo)}
    topic = found["chuyen-de-1"]
    assert topic.n > 100
    assert topic.waits == topic.answered - topic.n >= tallying.K
    assert topic.given > topic.answered
    assert [one.code for one in found.values() if one.given] == ["chuyen-de-1"]
    assert topic.session
    test = results.test_of(topic.session, demo.categories.all())
    assert test
    assert len(test.questions) == 3
    assert test.everybody.difference
    assert test.everybody.difference > 0
    for question in topic.session.test_questions.all():
        question.full_clean()
    assert not (set(Slip.objects.values_list("attendee__status", flat=True)) - {"confirmed"})
