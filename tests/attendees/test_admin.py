"""Delegations, seats and people at the desk."""

import datetime
import uuid
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from attendees import answers
from attendees.admin_filters import RegionFilter
from attendees.models import Attendee, Category, Delegation, Quota
from conference.models import Conference, JournalEntry, User
from documents.models import Letter
from tests.conference.desk import (  # noqa: F401  (a fixture)
    fields,
    queries,
    rows,
    same_count,
    signed_in,
    strict,
    text,
    url,
)
from tests.conftest import VN, MakeAttendee, make_delegation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
PEOPLE = "/admin/attendees/attendee/"
DELEGATIONS = "/admin/attendees/delegation/"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


@pytest.fixture
def new_person(delegation: Delegation, department: Category) -> dict[str, Any]:
    return {
        "delegation": delegation.pk,
        "category": department.pk,
        "full_name": "Trần Thị Thúy",
        "once": uuid.uuid4().hex,
    }


def act(client: Client, address: str, name: str, *chosen: Model, **more: Any) -> Any:
    data = {"action": name, "_selected_action": [one.pk for one in chosen], "index": 0, **more}
    if "apply" in more:
        del data["index"]
    return client.post(address, data, follow=True)


def notices(response: Any) -> list[str]:
    return [str(one) for one in response.context["messages"]]


# ── Lists ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("thuy", ["Trần Thị Thúy", "Lê Thuỷ"]),
        ("thúy", ["Trần Thị Thúy", "Lê Thuỷ"]),
        ("nguyen van an", ["Nguyễn Văn An"]),
        ("NGUYỄN  an", ["Nguyễn Văn An"]),
        ("<script>", []),
        ("%", ["Nguyễn Văn An", "Trần Thị Thúy", "Lê Thuỷ"]),
    ],
)
def test_people_are_found_without_marks(
    typed: str, found: list[str], desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    for name in ("Nguyễn Văn An", "Trần Thị Thúy", "Lê Thuỷ"):
        make_attendee(delegation, name)
    assert sorted(rows(desk.get(PEOPLE, {"q": typed}))) == sorted(found)


def test_people_stand_in_vietnamese_order_of_given_names(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    for name in ("Lê Văn Đức", "Trần Thị Ánh", "Phạm Văn Dũng", "Nguyễn Văn An", "Vũ Thị Ăn"):
        make_attendee(delegation, name)
    expected = ["Nguyễn Văn An", "Trần Thị Ánh", "Vũ Thị Ăn", "Phạm Văn Dũng", "Lê Văn Đức"]
    assert rows(desk.get(PEOPLE)) == expected


@pytest.mark.parametrize("typed", ["quang nam", "QNa", "Quảng-Nam", "49", "tinh quang"])
def test_delegations_are_found_by_name_short_name_and_code(
    typed: str, desk: Client, delegation: Delegation, other_delegation: Delegation
) -> None:
    assert rows(desk.get(DELEGATIONS, {"q": typed})) == ["Tỉnh Quảng Nam"]


def test_a_search_goes_through_the_rows_once_though_each_filter_counts(
    desk: Client, delegation: Delegation
) -> None:
    assert queries(desk, f"{DELEGATIONS}?q=lam+dong") == queries(desk, DELEGATIONS) + 1


def test_each_filter_is_set_up_once_though_each_counts(
    desk: Client, delegation: Delegation, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, lookups = [], RegionFilter.lookups

    def looked_up(*given: Any) -> Any:
        made.append(given)
        return lookups(*given)

    monkeypatch.setattr(RegionFilter, "lookups", looked_up)
    assert rows(desk.get(DELEGATIONS)) == ["Tỉnh Lâm Đồng"]
    assert len(made) == 1


def test_delegations_show_their_seats_and_people(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, status="confirmed")
    make_attendee(delegation, "Trần Thị Bình")
    said = text(desk.get(DELEGATIONS))
    assert "68 Tỉnh Lâm Đồng 4 2 1 0 Chưa phản hồi 17:00, 31/5/2024" in said


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status__exact=confirmed", ["Nguyễn Văn An"]),
        ("contact=phone", ["Trần Thị Bình"]),
        ("contact=no-phone", ["Nguyễn Văn An"]),
        ("contact=no-email", ["Nguyễn Văn An", "Trần Thị Bình"]),
        ("present=yes", []),
        ("present=no", ["Nguyễn Văn An", "Trần Thị Bình"]),
        ("substitution=substitute", []),
        ("region=central", []),
        ("region=TN", ["Nguyễn Văn An", "Trần Thị Bình"]),
    ],
)
def test_filters_narrow_the_list(
    query: str, found: list[str], desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, "Nguyễn Văn An", status="confirmed")
    make_attendee(delegation, "Trần Thị Bình", phone="+84912345678")
    query = query.replace("TN", delegation.unit.region_code if delegation.unit else "")
    assert rows(desk.get(f"{PEOPLE}?{query}")) == found


def test_filters_offer_only_the_current_conference(
    desk: Client, delegation: Delegation, other_delegation: Delegation, foreign_delegation: Delegation
) -> None:
    page = desk.get(PEOPLE).content.decode()
    assert f"delegation__id__exact={delegation.pk}" in page
    assert f"delegation__id__exact={foreign_delegation.pk}" not in page


@pytest.mark.parametrize(
    "question",
    [
        "badge_token__startswith=A",
        "search_key__contains=a",
        "delegation__officers__password__startswith=s",
        "conference__slug=x",
        "code__startswith=A",
    ],
)
def test_a_list_answers_no_questions_about_hidden_columns(question: str, desk: Client) -> None:
    assert desk.get(f"{PEOPLE}?{question}").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "category__id__exact=abc",
        "status__exact=x",
        "p=0",
        "p=abc",
        "p=99",
        "o=99",
        "present=x",
        "region='",
        "all=",
    ],
)
def test_odd_addresses_lead_back_to_the_list(query: str, desk: Client, delegation: Delegation) -> None:
    assert desk.get(f"{PEOPLE}?{query}", follow=True).status_code == 200


@pytest.mark.parametrize(
    "address", [PEOPLE, DELEGATIONS, "/admin/attendees/quota/", "/admin/attendees/category/"]
)
def test_lists_ask_as_many_questions_for_thirty_rows_as_for_one(
    address: str, desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    conference = delegation.conference
    slugs = iter(conference.units().exclude(slug="lam-dong").values_list("slug", flat=True))

    def grow() -> None:
        slug = next(slugs)
        one = make_delegation(conference, slug)
        gone = make_attendee(one, f"Nguyễn Văn {slug}", status="replaced")
        make_attendee(one, f"Trần Thị {slug}", substitute_for=gone)
        Category.objects.create(conference=conference, slug=slug, name=slug, short_name=slug)

    counts = same_count(desk, address, grow)
    assert len(set(counts)) == 1, counts


def test_the_page_of_a_delegation_asks_as_many_questions_with_more_seats_and_people(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    numbers = iter(range(100))

    def grow() -> None:
        number = next(numbers)
        category = Category.objects.create(
            conference=delegation.conference, slug=f"c{number}", name="x", short_name="x"
        )
        Quota.objects.create(delegation=delegation, category=category, seats=1)
        make_attendee(delegation, category=category)

    counts = same_count(desk, url(Delegation, "change", delegation.pk), grow, (1, 3, 12))
    assert len(set(counts)) == 1, counts


# ── Whose rows ────────────────────────────────────────────────────────────────────────────────────


def test_rows_of_another_conference_are_not_there(
    desk: Client, foreign_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    foreigner = make_attendee(foreign_delegation, "Người Ngoài")
    for page in ("change", "delete", "history"):
        assert desk.get(url(Attendee, page, foreigner.pk)).status_code == 404
        assert desk.get(url(Delegation, page, foreign_delegation.pk)).status_code == 404
        assert desk.post(url(Attendee, page, foreigner.pk), {"post": "yes"}).status_code == (
            405 if page == "history" else 404
        )
    assert "Người Ngoài" not in text(desk.get(PEOPLE))
    response = act(desk, PEOPLE, "confirm_people", foreigner)
    foreigner.refresh_from_db()
    assert (foreigner.status, notices(response)) == ("nominated", [])


@pytest.mark.parametrize("pk", ["999999", "abc", "0", "9" * 40, "1%00", "-1"])
def test_a_number_that_names_nothing_is_not_found(pk: str, desk: Client) -> None:
    assert desk.get(f"{PEOPLE}{pk}/change/").status_code == (400 if "%00" in pk else 404)


def test_a_foreign_delegation_or_component_is_refused_at_the_field(
    desk: Client, new_person: dict[str, Any], foreign_delegation: Delegation
) -> None:
    category = foreign_delegation.conference.categories.first()
    assert category is not None
    response = desk.post(
        url(Attendee, "add"), {**new_person, "delegation": foreign_delegation.pk, "category": category.pk}
    )
    assert set(response.context["adminform"].form.errors) == {"delegation", "category"}
    assert foreign_delegation.name not in text(response)


def test_viewers_look_and_change_nothing(
    victor: User, delegation: Delegation, make_attendee: MakeAttendee, new_person: dict[str, Any]
) -> None:
    person, client = make_attendee(delegation), signed_in(victor)
    page = client.get(url(Attendee, "change", person.pk))
    assert "Nguyễn Văn An" in text(page)
    assert 'name="full_name"' not in page.content.decode()
    assert 'name="action"' not in client.get(PEOPLE).content.decode()
    assert client.post(url(Attendee, "change", person.pk), {"full_name": "X"}).status_code == 403
    assert client.post(url(Attendee, "add"), new_person).status_code == 403
    assert client.post(url(Attendee, "delete", person.pk), {"post": "yes"}).status_code == 403
    assert client.post(f"{DELEGATIONS}invite-units/").status_code == 403
    act(client, PEOPLE, "confirm_people", person)
    person.refresh_from_db()
    assert (person.full_name, person.status, Attendee.objects.count()) == ("Nguyễn Văn An", "nominated", 1)


# ── Adding and changing: the verbs decide ─────────────────────────────────────────────────────────


def test_a_person_added_at_the_desk_is_nominated_and_journalled_once(
    desk: Client, olga: User, new_person: dict[str, Any], delegation: Delegation
) -> None:
    response = desk.post(url(Attendee, "add"), new_person, follow=True)
    person = Attendee.objects.get()
    assert rows(response) == ["Trần Thị Thúy"]
    assert (person.status, person.given_name, person.conference) == (
        "nominated",
        "Thúy",
        delegation.conference,
    )
    acts = JournalEntry.objects.filter(subject=f"attendees.attendee:{person.pk}").values_list("act", "actor")
    assert list(acts) == [("nominate", olga.pk)]
    delegation.refresh_from_db()
    assert delegation.status == "answering"


def test_a_form_sent_twice_adds_one_person(desk: Client, new_person: dict[str, Any]) -> None:
    desk.post(url(Attendee, "add"), new_person)
    response = desk.post(url(Attendee, "add"), new_person, follow=True)
    assert Attendee.objects.count() == 1
    assert notices(response)[-1] == "Biểu mẫu này đã được gửi và đã lưu."


def test_a_refused_form_may_be_sent_again(desk: Client, new_person: dict[str, Any]) -> None:
    desk.post(url(Attendee, "add"), {**new_person, "full_name": ""})
    desk.post(url(Attendee, "add"), new_person)
    assert Attendee.objects.count() == 1


def test_a_person_beyond_the_seats_is_refused_at_the_component(
    desk: Client, new_person: dict[str, Any], delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    for name in ("Lê Văn Ba", "Lê Văn Bốn", "Lê Văn Năm"):
        make_attendee(delegation, name)
    response = desk.post(url(Attendee, "add"), new_person)
    sentence = "Đã đủ số suất của thành phần này. Bớt một người, hoặc chọn thành phần khác."
    assert response.context["adminform"].form.errors == {"category": [sentence]}
    assert f"Thành phần : {sentence}" in text(response)
    assert Attendee.objects.count() == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", ""),
        ("full_name", "   "),
        ("full_name", "Ă" * 200),
        ("full_name", "Nguyễn\0An"),
        ("phone", "091234567"),
        ("phone", "=1+1"),
        ("email", "khong-phai-thu"),
        ("birth_year", "1800"),
        ("birth_year", "năm"),
        ("birth_year", "9" * 30),
        ("honorific", "vua"),
        ("category", "abc"),
        ("delegation", "9" * 30),
        ("position", "x" * 300),
        ("note", "\0"),
    ],
)
def test_bad_input_is_answered_at_its_field_and_nothing_is_lost(
    field: str, value: str, desk: Client, new_person: dict[str, Any]
) -> None:
    response = desk.post(url(Attendee, "add"), {**new_person, "position": "Giám đốc", field: value})
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert set(errors) == {field}
    assert not any(
        word in str(errors).lower() for word in ("this field", "enter a", "null characters", "ensure")
    )
    if field != "position":
        assert 'value="Giám đốc"' in response.content.decode()
    assert Attendee.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "=HYPERLINK(1)", "Nguyễn Văn An", "O'Brien & Con"]
)
def test_odd_names_are_kept_as_text(name: str, desk: Client, new_person: dict[str, Any]) -> None:
    response = desk.post(url(Attendee, "add"), {**new_person, "full_name": name}, follow=True)
    assert Attendee.objects.get().full_name == name
    assert "<script>alert" not in response.content.decode()
    assert rows(response) == [name]


def test_a_change_is_journalled_with_both_values(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, phone="+84912345678")
    address = url(Attendee, "change", person.pk)
    form = fields(desk.get(address))
    assert "phone" not in form  # masked: see test_admin_contacts.py
    desk.post(address, {**form, "full_name": "Nguyễn Văn Bình"})
    person.refresh_from_db()
    assert (person.full_name, person.given_name, person.phone, person.version) == (
        "Nguyễn Văn Bình", "Bình", "+84912345678", 2,
    )  # fmt: skip
    entry = JournalEntry.objects.get(subject=f"attendees.attendee:{person.pk}")
    assert set(entry.changes) == {"full_name"}
    assert entry.changes["full_name"] == ["Nguyễn Văn An", "Nguyễn Văn Bình"]
    assert "Nguyễn Văn An → Nguyễn Văn Bình" in text(desk.get(url(Attendee, "history", person.pk)))


def test_the_chair_is_written_at_the_desk(desk: Client, new_person: dict[str, Any]) -> None:
    desk.post(f"{PEOPLE}add/", {**new_person, "seat_note": "Dãy B, ghế 12"})
    person = Attendee.objects.get()
    assert person.seat_note == "Dãy B, ghế 12"
    address = f"{PEOPLE}{person.pk}/change/"
    desk.post(address, {**fields(desk.get(address)), "seat_note": "Dãy C, ghế 1"})
    person.refresh_from_db()
    assert person.seat_note == "Dãy C, ghế 1"
    response = desk.post(address, {**fields(desk.get(address)), "seat_note": "x" * 61})
    assert response.status_code == 200
    person.refresh_from_db()
    assert person.seat_note == "Dãy C, ghế 1"


def test_parts_of_a_name_may_be_put_right(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, "Tôn Nữ Hoàng Anh")
    address = url(Attendee, "change", person.pk)
    parts = {"family_name": "Tôn Nữ", "middle_name": "", "given_name": "Hoàng Anh"}
    desk.post(address, {**fields(desk.get(address)), **parts})
    person.refresh_from_db()
    assert (person.family_name, person.middle_name, person.given_name) == ("Tôn Nữ", "", "Hoàng Anh")


def test_whoever_saves_second_is_shown_both_values_and_decides(
    desk: Client, dan: User, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, position="Chuyên viên")
    address = url(Attendee, "change", person.pk)
    mine = {**fields(desk.get(address)), "position": "Giám đốc"}
    answers.edit(person, by=dan, position="Phó Giám đốc")
    response = desk.post(address, mine)
    assert list(response.context["adminform"].form.errors) == ["position"]
    assert "đổi ô này thành “Phó Giám đốc”" in text(response)
    assert 'value="Giám đốc"' in response.content.decode()
    person.refresh_from_db()
    assert person.position == "Phó Giám đốc"
    again = {**fields(response), "seen": response.context["adminform"].form["seen"].value()}
    desk.post(address, {**again, "position": "Giám đốc"})
    person.refresh_from_db()
    assert person.position == "Giám đốc"


def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen(
    desk: Client, dan: User, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    address = url(Attendee, "change", person.pk)
    mine = {**fields(desk.get(address)), "position": "Giám đốc"}
    answers.edit(person, by=dan, phone="+84912345678")
    response = desk.post(address, mine)
    assert list(response.context["adminform"].form.errors) == ["phone"]


# ── Acts ──────────────────────────────────────────────────────────────────────────────────────────


def test_people_are_confirmed_together_and_each_refusal_is_told(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    first, second = make_attendee(delegation), make_attendee(delegation, "Trần Thị Bình", status="replaced")
    response = act(desk, PEOPLE, "confirm_people", first, second)
    first.refresh_from_db()
    assert first.status == "confirmed"
    assert notices(response) == [
        "Đã xác nhận 1 người.",
        "Trần Thị Bình: Người này đã được thay. Xác nhận người thay.",
    ]


def test_declining_asks_for_a_reason_first(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    page = act(desk, PEOPLE, "decline_people", person)
    assert "Ghi không tham dự" in text(page)
    assert "Nguyễn Văn An" in text(page)
    empty = act(desk, PEOPLE, "decline_people", person, apply=1, reason="  ")
    assert empty.context["form"].errors.keys() == {"reason"}
    person.refresh_from_db()
    assert person.status == "nominated"
    act(desk, PEOPLE, "decline_people", person, apply=1, reason="Đi công tác")
    person.refresh_from_db()
    assert (person.status, person.decline_reason) == ("declined", "Đi công tác")


def test_a_substitute_takes_the_seat_and_the_page_leads_back(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, status="confirmed")
    back = url(Attendee, "change", person.pk)
    page = act(desk, PEOPLE, "replace_person", person, back=back)
    assert f'value="{back}"' in page.content.decode()
    more = {"apply": 1, "back": back, "full_name": "Lê Thị Mai", "phone": "12"}
    refused = act(desk, PEOPLE, "replace_person", person, **more)
    assert refused.context["form"].errors.keys() == {"phone", "reason"}
    more |= {"phone": "0912 345 678", "reason": "Đi công tác"}
    response = act(desk, PEOPLE, "replace_person", person, **more)
    assert response.request["PATH_INFO"] == back
    substitute = Attendee.objects.get(full_name="Lê Thị Mai")
    assert (substitute.substitute_for, substitute.phone) == (person, "+84912345678")
    person.refresh_from_db()
    assert (person.decline_reason, person.replaced_by_name) == ("Đi công tác", "Olga")


def test_one_person_is_replaced_at_a_time(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    people = make_attendee(delegation), make_attendee(delegation, "Trần Thị Bình")
    response = act(desk, PEOPLE, "replace_person", *people)
    assert notices(response) == ["Mỗi lần thay một người. Chọn một người rồi làm lại."]


def test_all_found_people_are_meant_when_the_whole_list_is_chosen(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    people = [make_attendee(delegation, f"Nguyễn Văn {name}") for name in ("An", "Bình")]
    make_attendee(delegation, "Trần Thị Cúc")
    act(desk, f"{PEOPLE}?q=nguyen", "confirm_people", people[0], select_across=1)
    assert Attendee.objects.confirmed().count() == 2


@pytest.mark.parametrize("pk", ["abc", "1 OR 1=1", "9" * 40, "\0", "²", "٣"])
def test_odd_choices_of_rows_are_refused_with_a_sentence(
    pk: str, desk: Client, delegation: Delegation
) -> None:
    data = {"action": "confirm_people", "_selected_action": [pk], "index": 0}
    response = desk.post(PEOPLE, data, follow=True)
    assert notices(response) == ["Chưa đọc được các mục đã chọn. Chọn lại trong danh sách."]


def test_more_time_is_given_to_delegations(desk: Client, delegation: Delegation) -> None:
    page = act(desk, DELEGATIONS, "extend_deadline", delegation)
    assert "Gia hạn trả lời" in text(page)
    wrong = act(desk, DELEGATIONS, "extend_deadline", delegation, apply=1, until="31/13/2024 17:00")
    assert "Chưa đọc được thời điểm này." in text(wrong)
    act(desk, DELEGATIONS, "extend_deadline", delegation, apply=1, until="03/6/2024 17:00")
    delegation.refresh_from_db()
    assert delegation.extended_to == datetime.datetime(2024, 6, 3, 17, tzinfo=VN)


@pytest.mark.parametrize("until", ["31/5/2024 17:00", "31/5/2024 18:00", "03/6/2023 17:00"])
def test_a_moment_that_gives_no_more_time_is_refused_at_its_field(
    desk: Client, delegation: Delegation, until: str
) -> None:
    Conference.objects.update(demo_now=datetime.datetime(2024, 5, 31, 18, tzinfo=VN))
    page = act(desk, DELEGATIONS, "extend_deadline", delegation, apply=1, until=until)
    assert list(page.context["form"].errors) == ["until"]
    assert "Thời điểm này không gia hạn được cho đoàn." in text(page)
    delegation.refresh_from_db()
    assert delegation.extended_to is None


def test_among_several_nobody_loses_time_and_of_one_alone_a_wrong_moment_is_put_right(
    desk: Client, delegation: Delegation, other_delegation: Delegation
) -> None:
    act(desk, DELEGATIONS, "extend_deadline", delegation, apply=1, until="10/6/2024 17:00")
    both = {"apply": 1, "until": "03/6/2024 17:00"}
    said = notices(act(desk, DELEGATIONS, "extend_deadline", delegation, other_delegation, **both))
    assert said == ["Đã gia hạn 1 đoàn.", f"{delegation}: đã có hạn muộn hơn, giữ nguyên."]
    kept = Delegation.objects.order_by("pk").values_list("extended_to__day", flat=True)
    assert list(kept) == [10, 3]
    act(desk, DELEGATIONS, "extend_deadline", delegation, **both)
    assert list(kept.all()) == [3, 3]


def test_a_delegation_is_confirmed_or_sends_nobody(
    desk: Client, delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation)
    act(desk, DELEGATIONS, "confirm_delegations", delegation)
    act(desk, DELEGATIONS, "decline_delegations", other_delegation, apply=1, reason="Trùng lịch")
    delegation.refresh_from_db()
    other_delegation.refresh_from_db()
    assert (delegation.status, other_delegation.status) == ("confirmed", "declined")


def test_a_component_that_came_later_gets_its_seats_in_every_delegation(
    desk: Client, delegation: Delegation, other_delegation: Delegation
) -> None:
    address = url(Category, "add")
    new = {
        "name": "Công an cấp tỉnh", "short_name": "Công an", "slug": "cong-an", "default_seats": 2,
    }  # fmt: skip
    said = notices(desk.post(address, {**fields(desk.get(address)), **new}, follow=True))
    assert said[0].startswith("2 đoàn đã lập chưa có suất của “Công an cấp tỉnh”.")
    category = Category.objects.get(slug="cong-an")
    press = {"action": "allot_seats", "_selected_action": category.pk}
    assert "Cấp suất cho các đoàn chưa có" in text(desk.get(url(Category, "change", category.pk)))
    assert notices(desk.post(url(Category), press, follow=True)) == ["Đã thêm 2 dòng suất phân bổ."]
    assert list(category.quotas.values_list("seats", flat=True)) == [2, 2]
    again = notices(desk.post(url(Category), press, follow=True))
    assert again == ["Đoàn địa phương nào cũng đã có suất của thành phần đã chọn."]
    assert "Cấp suất cho các đoàn chưa có" not in text(desk.get(url(Category, "change", category.pk)))


def test_what_is_there_already_is_told_at_its_field(desk: Client, delegation: Delegation) -> None:
    address, unit = url(Category, "add"), url(Delegation, "add")
    twice = {"name": "Báo", "short_name": "Báo", "slug": "press"}
    said = desk.post(address, {**fields(desk.get(address)), **twice}).context["adminform"].form.errors
    assert said == {"slug": ["Mục này đã có trong danh sách. Chọn hoặc nhập mục khác."]}
    again = {"unit": delegation.unit_id, "name": "Lâm Đồng", "code": "khac"}
    said = desk.post(unit, {**fields(desk.get(unit)), **again}).context["adminform"].form.errors
    assert said == {"unit": ["Mục này đã có trong danh sách. Chọn hoặc nhập mục khác."]}


def test_two_rows_of_one_component_are_told_in_words(
    desk: Client, delegation: Delegation, department: Category
) -> None:
    address = url(Delegation, "add")
    rows = {
        f"quotas-{n}-{name}": value
        for n in (0, 1)
        for name, value in (("category", department.pk), ("seats", 1))
    }
    new = {"name": "Bộ Ngoại giao", "code": "bo-ngoai-giao", "quotas-TOTAL_FORMS": 2, **rows}
    said = text(desk.post(address, {**fields(desk.get(address)), **new}))
    assert "Hai dòng ghi cùng một mục. Giữ một dòng." in said
    assert "Trùng với một dòng ở trên." in said


def test_a_delegation_is_of_a_unit_of_its_conference(desk: Client, conference: Conference) -> None:
    offered = desk.get(url(Delegation, "add")).context["adminform"].form.fields["unit"].queryset
    assert set(offered) == set(conference.units())


def test_no_delegations_are_made_before_a_component_has_seats(desk: Client, conference: Conference) -> None:
    conference.categories.all().update(default_seats=0)
    said = text(desk.post(f"{DELEGATIONS}invite-units/", follow=True))
    assert "Thêm các thành phần và số suất mỗi đoàn trước." in said


def test_units_without_a_delegation_are_invited_at_once(desk: Client, delegation: Delegation) -> None:
    assert "Lập đoàn cho 62 đơn vị còn lại" in text(desk.get(DELEGATIONS))
    response = desk.post(f"{DELEGATIONS}invite-units/", follow=True)
    assert notices(response) == ["Đã lập 62 đoàn với số suất của từng thành phần."]
    assert "đơn vị còn lại" not in text(response)


# ── Seats, and what may not go ────────────────────────────────────────────────────────────────────


def test_seats_cannot_fall_below_those_taken(
    desk: Client, delegation: Delegation, department: Category, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation)
    make_attendee(delegation, "Trần Thị Bình")
    quota = delegation.quotas.get(category=department)
    address = url(Quota, "change", quota.pk)
    response = desk.post(address, {**fields(desk.get(address)), "seats": 1})
    assert "Nhập số từ 2 trở lên." in text(response)
    desk.post(address, {**fields(desk.get(address)), "seats": 2})
    quota.refresh_from_db()
    assert quota.seats == 2


def test_seats_and_officers_are_changed_on_the_page_of_the_delegation(
    desk: Client, delegation: Delegation, dan: User
) -> None:
    address = url(Delegation, "change", delegation.pk)
    form = fields(desk.get(address))
    assert form["Delegation_officers-0-user"] == str(dan.pk)
    response = desk.post(address, {**form, "quotas-0-seats": 5, "Delegation_officers-0-DELETE": "on"})
    assert response.status_code == 302, text(response)
    assert delegation.quotas.order_by("category__position").values_list("seats", flat=True)[0] == 5
    assert list(delegation.officers.all()) == []
    entry = JournalEntry.objects.filter(act="edit", subject=f"attendees.delegation:{delegation.pk}").get()
    assert len(entry.changes) == 2


def test_the_journal_tells_from_whom_an_office_went_to_whom(
    desk: Client, delegation: Delegation, other_delegation: Delegation, dan: User, mai: User
) -> None:
    address = url(Delegation, "change", delegation.pk)
    sent = {**fields(desk.get(address)), "Delegation_officers-0-user": mai.pk}
    assert desk.post(address, sent).status_code == 302
    entry = JournalEntry.objects.get(act="edit", subject=f"attendees.delegation:{delegation.pk}")
    assert entry.changes == {f"cán bộ đầu mối “{mai}”": [str(dan), str(mai)]}


def test_a_namesake_in_the_same_delegation_is_told_of(
    desk: Client, delegation: Delegation, new_person: dict[str, Any], make_attendee: MakeAttendee
) -> None:
    first = make_attendee(delegation, "Nguyễn Văn An")
    add = url(Attendee, "add")
    person = new_person | {"full_name": "nguyễn văn an", "once": "x1"}
    said = notices(desk.post(add, {**fields(desk.get(add)), **person}, follow=True))
    assert any(first.code[:4] in one and "cùng họ tên" in one for one in said)


def test_a_component_without_seats_in_a_delegation_is_not_called_full(
    desk: Client, delegation: Delegation, department: Category, new_person: dict[str, Any]
) -> None:
    delegation.quotas.filter(category=department).delete()
    add = url(Attendee, "add")
    page = desk.post(add, {**fields(desk.get(add)), **new_person})
    assert "Đoàn này không có suất của thành phần đã chọn." in text(page)


@pytest.mark.parametrize("why", ["seated", "left empty"])
def test_seats_go_only_where_nothing_was_said_of_them(
    desk: Client, delegation: Delegation, department: Category, make_attendee: MakeAttendee, why: str
) -> None:
    person = make_attendee(delegation) if why == "seated" else None
    quota = delegation.quotas.get(category=department)
    if not person:
        answers.decline_seats(delegation, department, 1, "Thiếu người", by=None)
    told = "Không xóa được suất Sở Thông tin và Truyền thông: 1 suất có người hoặc báo không cử."
    assert told in text(desk.post(url(Quota, "delete", quota.pk), {"post": "yes"}, follow=True))
    page = url(Delegation, "change", delegation.pk)
    assert told in text(desk.post(page, {**fields(desk.get(page)), **ticked(desk.get(page), quota)}))
    assert delegation.quotas.filter(pk=quota.pk).exists()
    if person:
        answers.decline_person(person, "Ốm", by=None)
    else:
        answers.decline_seats(delegation, department, 0, "", by=None)
    response = desk.post(page, {**fields(desk.get(page)), **ticked(desk.get(page), quota)})
    assert response.status_code == 302, text(response)
    assert not delegation.quotas.filter(pk=quota.pk).exists()


def ticked(page: Any, quota: Quota) -> dict[str, str]:
    """The tick that deletes the seats of a component, on the page of their delegation."""
    forms = [one for each in page.context["inline_admin_formsets"] for one in each.formset.forms]
    return {next(one.add_prefix("DELETE") for one in forms if one.instance == quota): "on"}


def test_seats_without_anybody_go_from_their_own_page_too(
    desk: Client, delegation: Delegation, department: Category
) -> None:
    quota = delegation.quotas.get(category=department)
    desk.post(url(Quota, "delete", quota.pk), {"post": "yes"})
    assert not Quota.objects.filter(pk=quota.pk).exists()


def test_seats_stay_those_of_their_component(
    desk: Client, delegation: Delegation, department: Category, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation)
    delegation.quotas.exclude(category=department).delete()
    page, press = url(Delegation, "change", delegation.pk), Category.objects.get(slug="press")
    sent = {"quotas-0-category": press.pk, "quotas-0-seats": 4, "quotas-1-category": press.pk}
    desk.post(page, {**fields(desk.get(page)), **sent, "quotas-1-seats": 2})
    found = delegation.quotas.order_by("pk").values_list("category__slug", "seats")
    assert list(found) == [("department", 4), ("press", 2)]


def test_a_person_nominated_by_mistake_is_removed_by_the_verb(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    assert "Xóa đại biểu “Nguyễn Văn An”?" in text(desk.get(url(Attendee, "delete", person.pk)))
    desk.post(url(Attendee, "delete", person.pk), {"post": "yes"})
    assert Attendee.objects.count() == 0
    assert JournalEntry.objects.get(act="remove").subject_name == "Nguyễn Văn An"


def test_a_confirmed_person_is_not_deleted(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, status="confirmed")
    assert desk.post(url(Attendee, "delete", person.pk), {"post": "yes"}).status_code == 403
    assert Attendee.objects.count() == 1


@pytest.mark.parametrize("what", ["an answer", "a file", "seats left empty", "nothing"])
def test_a_delegation_goes_only_where_nothing_came_from_it(
    desk: Client, delegation: Delegation, department: Category, what: str
) -> None:
    if what == "an answer":
        answers.decline(delegation, "Bão lũ", by=None)
    elif what == "a file":
        delegation.uploads.create(
            kind="nomination", name="CV.pdf", file="uploads/aa/a.pdf", content_type="application/pdf",
            sha256="a" * 64, size=1, given_by="Dan",
        )  # fmt: skip
    elif what == "seats left empty":
        answers.decline_seats(delegation, department, 1, "Thiếu người", by=None)
    page = text(desk.post(url(Delegation, "delete", delegation.pk), {"post": "yes"}, follow=True))
    assert ("Không xóa được" in page) == (what != "nothing")
    assert Delegation.objects.filter(pk=delegation.pk).exists() == (what != "nothing")


@pytest.mark.parametrize("model", [Delegation, Category])
def test_what_holds_people_says_why_it_stays(
    model: Any, desk: Client, delegation: Delegation, department: Category, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation)
    row = delegation if model is Delegation else department
    response = desk.post(url(model, "delete", row.pk), {"post": "yes"})
    assert f"Không xóa được {row}" in text(response)
    assert "Nguyễn Văn An" in text(response)
    assert model.objects.filter(pk=row.pk).exists()


def test_an_empty_list_says_what_to_do(desk: Client, conference: Any) -> None:
    assert "Chưa có đoàn nào. Mời các đơn vị" in text(desk.get(DELEGATIONS))
    assert "Không tìm thấy mục nào" in text(desk.get(PEOPLE, {"q": "zzz"}))


@pytest.mark.parametrize("pk", ["²", "٣", "9" * 19, "9" * 5000])
def test_a_number_that_is_no_key_names_no_row(pk: str, desk: Client, delegation: Delegation) -> None:
    for page in ("change", "history", "delete"):
        assert desk.get(url(Delegation, page, pk)).status_code == 404
    assert desk.get(f"{url(Letter, 'add')}?delegation={pk}").status_code == 200
    assert desk.get("/admin/issuing/draft/", {"delegation": pk, "attendee": pk}).status_code == 200
    assert desk.get(url(Attendee), {"delegations": pk}).status_code == 200
    assert desk.post(url(Delegation, "link_revoke", delegation.pk), {"link": pk}).status_code == 404
