"""Materials: what may be handed out, to whom, from when, and how a copy tells whose it is."""

import datetime
import io
import logging
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from attendees import erasing, inspecting
from attendees.models import Attendee, Category, Delegation
from conference import storing
from conference.guests import Guest
from conference.models import Conference, JournalEntry, User
from mailing.models import Message
from sessions import handing_out, stamping
from sessions.materials import is_marked_secret
from sessions.models import Material, MaterialDownload, Session
from tests.attendees.portal import text_of
from tests.attendees.test_admin import act, notices
from tests.attendees.test_uploading import letter, scan
from tests.attendees.test_views_person import opened
from tests.conference.desk import same_count, signed_in, text, url
from tests.conference.test_views import make_session
from tests.conftest import VN, MakeAttendee

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
LIST = "/admin/thematic/material/"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, "Trần Thị Ngọc Ánh", status="confirmed")


@pytest.fixture
def topic(conference: Conference) -> Session:
    return make_session(conference, "chuyen-de-1", 8, 9, title="Quảng bá hình ảnh địa phương")


def pages(number: int = 2, size: tuple[float, float] = (842, 595)) -> bytes:
    pdf, out = pikepdf.new(), io.BytesIO()
    for _ in range(number):
        pdf.add_blank_page(page_size=size)
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def inert(data: bytes = b"", name: str = "bai-trinh-bay.pdf") -> inspecting.Inert:
    return inspecting.Inert(data or pages(), "application/pdf", "pdf", name)


def make(topic: Session, olga: User, **fields: Any) -> Material:
    file = fields.pop("file", None) or inert()
    material = Material.objects.create(session=topic, **{"title": "Bài trình bày", **fields})
    handing_out.keep(material, file, by=olga)
    return Material.objects.prefetch_related("versions").get(pk=material.pk)


def bearer(person: Attendee) -> Guest:
    return Guest("Liên kết", link_id=1, attendee_id=person.pk)


def begin() -> None:
    Conference.objects.update(demo_now=datetime.datetime(2024, 6, 6, 8, 0, tzinfo=VN))


def place(person: Attendee, material: Material | None = None) -> str:
    base = reverse("thematic:materials", args=("da-lat-2024", person.code))
    return f"{base}{material.code}/" if material else base


# What may be handed out


@pytest.mark.parametrize(
    "said",
    ["Tối mật", "TUYỆT MẬT", "Báo cáo (Mật)", "[Mật] Báo cáo", "MẬT - Báo cáo", "Độ mật: Mật",
     "bao-cao-TOI-MAT.pdf", "tuyet_mat.pdf", "mật.pdf", "Mật", "bao_cao_MẬT.pdf",
     "Tài liệu tối  mật về biên giới"],
)  # fmt: skip
def test_marks_of_secrets_are_known(said: str) -> None:
    assert is_marked_secret(said)


@pytest.mark.parametrize(
    "said",
    ["Bảo mật thông tin", "BẢO MẬT THÔNG TIN", "Nuôi ong lấy mật", "Mật ong Đà Lạt",
     "Bí mật nhà nước: hỏi và đáp",
     "format.pdf", "mat-bang-hoi-truong.pdf", "Mật độ dân số"],
)  # fmt: skip
def test_words_that_only_sound_so_are_no_marks(said: str) -> None:
    assert not is_marked_secret(said)


def test_a_marked_title_or_file_is_refused_with_a_sentence(topic: Session, olga: User) -> None:
    with pytest.raises(ValidationError, match="giao nhận theo chế độ mật"):
        Material(session=topic, title="Tối mật: phương án").full_clean()
    material = Material.objects.create(session=topic, title="Phương án")
    with pytest.raises(ValidationError, match=r"“phuong-an-TUYET-MAT\.pdf” mang dấu độ mật"):
        handing_out.keep(material, inert(name="phuong-an-TUYET-MAT.pdf"), by=olga)
    assert not material.versions.exists()


# Versions


def test_the_same_file_twice_is_one_version_and_another_is_the_next(topic: Session, olga: User) -> None:
    material = make(topic, olga, file=inert(pages(1)))
    handing_out.keep(material, inert(pages(1)), by=olga)
    handing_out.keep(material, inert(pages(3)), by=olga)
    assert list(material.versions.values_list("number", flat=True)) == [2, 1]
    assert [entry.act for entry in JournalEntry.objects.order_by("pk")] == ["upload", "upload"]


def test_only_organisers_keep_and_withdraw(topic: Session, olga: User, victor: User, dan: User) -> None:
    material = make(topic, olga)
    for user in (victor, dan):
        with pytest.raises(PermissionDenied):
            handing_out.keep(material, inert(pages(3)), by=user)
        with pytest.raises(PermissionDenied):
            handing_out.withdraw(material, by=user)


# To whom, and when


def test_a_copy_is_handed_out_from_the_beginning_of_the_session_and_written_down(
    topic: Session, olga: User, person: Attendee
) -> None:
    material = make(topic, olga)
    Conference.objects.update(demo_now=datetime.datetime(2024, 6, 6, 7, 59, 59, tzinfo=VN))
    with pytest.raises(ValidationError, match="mở lúc 08:00, thứ Năm, 06/6/2024"):
        handing_out.hand_out(Material.objects.get(), person, by=bearer(person))
    assert not MaterialDownload.objects.exists()
    begin()
    copy = handing_out.hand_out(Material.objects.get(), person, by=bearer(person))
    assert (copy.name, copy.content_type) == ("bai-trinh-bay.pdf", "application/pdf")
    taken = MaterialDownload.objects.get()
    assert (taken.attendee, taken.name, taken.version.material) == (person, "Trần Thị Ngọc Ánh", material)


def test_a_material_for_one_component_is_not_there_for_others(
    topic: Session, olga: User, person: Attendee, conference: Conference
) -> None:
    press = Category.objects.get(conference=conference, slug="press")
    material = make(topic, olga, opens_with_session=False)
    material.categories.add(press)
    with pytest.raises(PermissionDenied):
        handing_out.hand_out(material, person, by=bearer(person))
    assert list(handing_out.meant_for(person)) == []
    material.categories.add(person.category)
    assert list(handing_out.meant_for(person)) == [material]


def test_what_is_withdrawn_is_gone_for_people_and_stays_at_the_desk(
    topic: Session, olga: User, person: Attendee
) -> None:
    material = make(topic, olga, opens_with_session=False)
    assert handing_out.withdraw(material, by=olga)
    assert not handing_out.withdraw(material, by=olga)
    with pytest.raises(PermissionDenied):
        handing_out.hand_out(material, person, by=bearer(person))
    assert "Đã thu hồi" in text(signed_in(olga).get(LIST))


def test_nobody_takes_a_copy_for_another_or_from_another_conference(
    topic: Session,
    olga: User,
    person: Attendee,
    make_attendee: MakeAttendee,
    foreign_delegation: Delegation,
) -> None:
    material = make(topic, olga, opens_with_session=False)
    other = make_attendee(person.delegation, "Lê Thị Khác")
    stranger = make_attendee(foreign_delegation, "Trần Thị Khách")
    for whom, by in ((person, bearer(other)), (stranger, bearer(stranger))):
        with pytest.raises(PermissionDenied):
            handing_out.hand_out(material, whom, by=by)


# The stamp


def test_every_page_of_a_pdf_carries_the_stamp_and_what_was_there(topic: Session) -> None:
    pdf, out = pikepdf.open(io.BytesIO(pages(3))), io.BytesIO()
    pdf.pages[1].Contents = pdf.make_stream(b"q 1 0 0 RG 10 10 50 50 re S")  # leaves its state open
    pdf.save(out)
    stamped = stamping.stamp(out.getvalue(), ["Trần Thị Ngọc Ánh", "7K3M-9QFP", "Lưu hành nội bộ"])
    with pikepdf.open(io.BytesIO(stamped)) as read:
        assert len(read.pages) == 3
        for page in read.pages:
            [name] = [key for key in page.Resources.XObject if key.startswith("/Stamp")]
            drawn = b"\n".join(one.read_bytes() for one in page.Contents)
            assert drawn.rstrip().endswith(f"{name} Do Q".encode())
            assert page.Resources.XObject[name].SMask.Width > 300
        middle = b"\n".join(one.read_bytes() for one in read.pages[1].Contents)
        assert middle.split()[:1] == [b"q"]
        assert b"10 10 50 50 re S\nQ q" in middle


def test_two_people_get_different_copies(topic: Session) -> None:
    one, other = (stamping.stamp(pages(1), [name]) for name in ("Nguyễn Văn An", "Nguyễn Văn Ân"))
    assert one != other


def test_a_file_that_cannot_be_stamped_is_not_handed_out(
    topic: Session, olga: User, person: Attendee, caplog: pytest.LogCaptureFixture
) -> None:
    material = make(topic, olga, opens_with_session=False, file=inert(b"%PDF-1.7 nothing"))
    with caplog.at_level(logging.CRITICAL), pytest.raises(ValidationError, match="Chưa lập được bản"):
        handing_out.hand_out(material, person, by=bearer(person))
    assert not MaterialDownload.objects.exists()


# By the link


def test_a_person_finds_and_takes_the_materials(
    client: Client, topic: Session, olga: User, person: Attendee
) -> None:
    pia = opened(client, person)
    home = reverse("attendees:attendee_page", args=("da-lat-2024", person.code))
    assert "Tài liệu hội nghị" not in text_of(pia.get(home))
    material = make(topic, olga)
    assert "Tài liệu hội nghị" in text_of(pia.get(home))
    page = text_of(pia.get(place(person)))
    assert "Bài trình bày Lưu hành nội bộ Quảng bá hình ảnh địa phương Phiên bản 1" in page
    assert "Mở lúc 08:00, thứ Năm, 06/6/2024" in page
    assert "Tải tài liệu" not in page
    response = pia.post(place(person, material), follow=True)
    assert "Tài liệu này mở lúc 08:00, thứ Năm, 06/6/2024." in text_of(response)
    begin()
    assert "Tải tài liệu" in text_of(pia.get(place(person)))
    assert pia.get(place(person, material)).status_code == 405
    response = pia.post(place(person, material))
    assert response["Content-Disposition"] == 'attachment; filename="bai-trinh-bay.pdf"'
    assert response["Cache-Control"] == "no-store, private"
    assert response.content != storing.path(material.versions.get().file).read_bytes()
    assert MaterialDownload.objects.count() == 1


def test_officers_look_and_take_nothing(
    client: Client, topic: Session, olga: User, person: Attendee, dan: User, mai: User
) -> None:
    material = make(topic, olga, opens_with_session=False)
    seen = {}
    for user in (dan, olga, mai):
        client.force_login(user)
        seen[user.full_name] = [
            client.get(place(person)).status_code,
            client.post(place(person, material)).status_code,
        ]
    assert seen == {"Dan": [200, 403], "Olga": [200, 403], "Mai": [404, 404]}
    assert not MaterialDownload.objects.exists()


def test_the_page_costs_the_same_with_one_and_with_three(
    client: Client, topic: Session, olga: User, person: Attendee, django_assert_max_num_queries: Any
) -> None:
    pia, counts = opened(client, person), []
    for size in (1, 3):
        for number in range(size):
            make(topic, olga, title=f"Bài {size}.{number}", file=inert(pages(size + number)))
        with django_assert_max_num_queries(40) as caught:
            pia.get(place(person))
        counts.append(len(caught))
    assert len(set(counts)) == 1


# At the desk


def test_an_organiser_adds_a_material_and_its_next_version(topic: Session, olga: User) -> None:
    desk = signed_in(olga)
    sent = {"session": topic.pk, "title": "Bài trình bày", "classification": "internal"}
    assert "Chọn tệp." in text(desk.post(url(Material, "add"), sent))
    given = letter().read()
    file = SimpleUploadedFile("bai.pdf", given)
    response = desk.post(url(Material, "add"), {**sent, "file": file}, follow=True)
    assert response.status_code == 200
    material = Material.objects.get()
    assert [one.name for one in material.versions.all()] == ["bai.pdf"]
    page = url(Material, "change", material.pk)
    newer = SimpleUploadedFile("bai-moi.png", scan("PNG"))
    desk.post(page, {**sent, "title": "Bài trình bày mới", "file": newer}, follow=True)
    assert [one.number for one in material.versions.all()] == [2, 1]
    assert "2. bai-moi.png" in text(desk.get(page))
    assert desk.get(f"{url(Material, 'file', material.pk)}?version=1").content == given


@pytest.mark.parametrize(
    ("title", "name", "data", "sentence"),
    [
        ("Tối mật: phương án", "bai.pdf", None, "mang dấu độ mật"),
        ("Bài", "[Mật] bai.pdf", None, "mang dấu độ mật"),
        ("Bài", "bai.pdf", b"%PDF-1.7 but none", "Không mở được tệp “bai.pdf”"),
        ("Bài", "bai.pdf", b"<svg onload='alert(1)'/>", "không phải PDF hoặc ảnh"),
        ("Bài", "bai.png", scan("PNG", (5001, 5000), "1"), "hơn 25 triệu điểm ảnh"),
    ],
)
def test_what_may_not_be_handed_out_is_told_at_the_desk(
    topic: Session, olga: User, media: Path, title: str, name: str, data: bytes | None, sentence: str
) -> None:
    file = SimpleUploadedFile(name, data if data is not None else letter().read())
    sent = {"session": topic.pk, "title": title, "classification": "internal", "file": file}
    assert sentence in text(signed_in(olga).post(url(Material, "add"), sent))
    assert not Material.objects.exists()
    assert not (media / "materials").exists()


def test_the_desk_tells_who_took_it(topic: Session, olga: User, person: Attendee, victor: User) -> None:
    material = make(topic, olga, opens_with_session=False)
    handing_out.hand_out(material, person, by=bearer(person))
    page = text(signed_in(victor).get(url(Material, "change", material.pk)))
    assert "Trần Thị Ngọc Ánh phiên bản 1, 16:00, 30/5/2024" in page
    assert notices(act(signed_in(olga), LIST, "withdraw", material)) == ["Đã thu hồi 1 tài liệu."]


def test_the_list_costs_the_same_for_any_number(topic: Session, olga: User) -> None:
    assert len(set(same_count(signed_in(olga), LIST, lambda: make(topic, olga), (1, 3, 10)))) == 1


# What a speaker sends


@pytest.fixture
def speaker(person: Attendee, topic: Session) -> Attendee:
    topic.participations.create(attendee=person, full_name=person.full_name)
    return person


def slides_of(client: Client, person: Attendee, data: bytes, name: str = "bai.pdf") -> Any:
    address = reverse("thematic:speaking_slides", args=("da-lat-2024", person.code, "chuyen-de-1"))
    return client.post(address, {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_slides_wait_for_an_organiser_and_nobody_takes_them_before(
    client: Client, speaker: Attendee, topic: Session, olga: User
) -> None:
    pia = opened(client, speaker)
    page = text_of(slides_of(pia, speaker, pages(1)))
    assert "Đã gửi bài trình bày." in page
    assert "Bài trình bày: bai.pdf Chờ duyệt" in page
    begin()
    assert list(handing_out.meant_for(speaker)) == []
    desk = signed_in(olga)
    assert "1 bài trình bày chờ duyệt Bài trình bày: Trần Thị Ngọc Ánh." in text(desk.get("/admin/"))
    material = Material.objects.get()
    seen = f"{material.pk}:1"
    assert notices(act(desk, LIST, "approve_slides", material, apply="1", seen=f"{material.pk}:9")) == [
        "Bài trình bày: Trần Thị Ngọc Ánh: người khác vừa sửa."
    ]
    assert notices(act(desk, LIST, "approve_slides", material, apply="1", seen=seen)) == [
        "Đã duyệt 1 bài trình bày."
    ]
    assert list(handing_out.meant_for(speaker)) == [material]
    slides_of(pia, speaker, pages(3))
    [found] = handing_out.meant_for(speaker)
    assert (found.latest.number, found.newest.number) == (1, 2)


def test_slides_are_given_back_with_a_remark_and_sent_again(
    client: Client, speaker: Attendee, topic: Session, olga: User
) -> None:
    Attendee.objects.filter(pk=speaker.pk).update(email="anh@hoinghi.example")
    with translation.override("en"):  # the title is for everybody
        made = handing_out.offer(topic, speaker, inert(pages(1)), by=bearer(speaker))
    assert handing_out.offer(topic, speaker, inert(pages(1)), by=bearer(speaker)) == made
    assert handing_out.give_back(made.material, "Thiếu trang cuối", by=olga, number=1)
    letter = Message.objects.get()
    assert (letter.state, letter.to) == ("draft", ["anh@hoinghi.example"])
    assert letter.values["noi_dung"] == "tệp “Bài trình bày: Trần Thị Ngọc Ánh”"
    assert not handing_out.approve(made.material, by=olga)
    pia = opened(client, speaker)
    page = text_of(pia.get(reverse("thematic:speaking", args=("da-lat-2024", speaker.code))))
    assert "Trả lại Ban Tổ chức trả lời: Thiếu trang cuối" in page
    handing_out.offer(topic, speaker, inert(pages(3)), by=bearer(speaker))
    newer = handing_out.offer(topic, speaker, inert(pages(4)), by=bearer(speaker))
    states = list(newer.material.versions.values_list("number", "state"))
    assert states == [(3, "waiting"), (2, "returned"), (1, "returned")]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "", "Chọn tệp."),
        (b"<svg onload='alert(1)'/>", "bai.svg", "không phải PDF hoặc ảnh"),
        (b"%PDF-1.7 but none", "bai.pdf", "Không mở được tệp “bai.pdf”"),
        (pages(1), "tuyet-mat.pdf", "mang dấu độ mật"),
    ],
)
def test_what_are_no_slides_is_told(
    client: Client, speaker: Attendee, data: bytes, name: str, sentence: str
) -> None:
    pia = opened(client, speaker)
    address = reverse("thematic:speaking_slides", args=("da-lat-2024", speaker.code, "chuyen-de-1"))
    sent = {"file": SimpleUploadedFile(name, data)} if name else {}
    assert sentence in text_of(pia.post(address, sent))
    assert not Material.objects.exists()


def test_only_who_has_a_part_sends_slides(
    speaker: Attendee, topic: Session, make_attendee: MakeAttendee
) -> None:
    other = make_attendee(speaker.delegation, "Lê Thị Khác")
    for whom, by in ((other, bearer(other)), (speaker, bearer(other))):
        with pytest.raises(PermissionDenied):
            handing_out.offer(topic, whom, inert(), by=by)


def test_of_who_was_erased_in_that_moment_no_name_is_written(
    topic: Session, olga: User, speaker: Attendee
) -> None:
    """The page was found while the person was there; the act finds nobody."""
    material = make(topic, olga, opens_with_session=False)
    name, by = speaker.full_name, bearer(speaker)
    Conference.objects.update(demo_now=datetime.datetime(2024, 6, 10, tzinfo=VN))
    erasing.erase(Attendee.objects.get(pk=speaker.pk), by=olga)
    for act_late in (
        lambda: handing_out.offer(topic, speaker, inert(), by=by),
        lambda: handing_out.hand_out(material, speaker, by=by),
    ):
        with pytest.raises(ValidationError) as refused:
            act_late()
        assert refused.value.code == "erased"
    assert not Material.objects.filter(title__contains=name).exists()
    assert not MaterialDownload.objects.exists()


def test_a_new_material_has_no_versions_and_no_log_to_show(olga: User) -> None:
    page = text(signed_in(olga).get("/admin/thematic/material/add/"))
    assert "Dành cho thành phần" in page
    assert "Các phiên bản" not in page
    assert "Ai đã tải" not in page
