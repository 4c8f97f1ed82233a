"""The photo for the door: what is taken, what is refused with a sentence, replaced, deleted, seen by whom."""

from __future__ import annotations

import datetime
import io
import struct
import zlib

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from attendees import answers, photos
from attendees.models import Attendee, Delegation
from conference import retention, storing
from conference.models import Conference, JournalEntry, User
from tests.conference.desk import signed_in, text
from tests.conftest import MakeAttendee

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
ROTATED = 0x0112  # EXIF: how the camera was held


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, status="nominated")


def picture(
    size: tuple[int, int] = (600, 800),
    form: str = "JPEG",
    colour: str = "#3366cc",
    mode: str = "RGB",
    **saving: object,
) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).convert(mode).save(out, form, **saving)
    return out.getvalue()


def file(data: bytes, name: str = "anh.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def kept() -> list[str]:
    root = storing.path("")
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


# ── What is taken ─────────────────────────────────────────────────────────────────────────────────


KINDS = {"JPEG": ("RGB", "L", "CMYK"), "PNG": ("RGB", "L", "P", "RGBA", "1"), "WEBP": ("RGB", "RGBA")}


@pytest.mark.parametrize(("form", "mode"), [(form, mode) for form, modes in KINDS.items() for mode in modes])
def test_pictures_of_every_kind_become_a_small_jpeg(form: str, mode: str) -> None:
    inert = photos.read(file(picture(form=form, mode=mode)))
    made = opened(inert.data)
    assert (made.format, made.size, inert.suffix) == ("JPEG", (240, 320), "jpg")
    assert made.mode in ("RGB", "L")


def test_it_is_turned_upright_then_cut_and_only_the_pixels_remain() -> None:
    lying = Image.new("RGB", (800, 600), "red")
    lying.paste("lime", (0, 0, 400, 600))  # the left half: above, once it is upright
    exif, out = Image.Exif(), io.BytesIO()
    exif[ROTATED] = 6
    exif[0x010E] = "<script>alert(1)</script>"
    lying.save(out, "JPEG", exif=exif, quality=95, comment=b"secret")
    data = photos.read(file(out.getvalue())).data
    made = opened(data)
    assert made.size == (240, 320)
    assert not made.getexif()
    assert b"script" not in data
    assert b"secret" not in data
    above, below = made.getpixel((120, 40)), made.getpixel((120, 280))
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert (above[1] > 200, below[0] > 200) == (True, True)


def test_the_middle_of_a_wide_picture_stays() -> None:
    wide = Image.new("RGB", (1600, 400), "red")
    wide.paste("blue", (650, 0, 950, 400))
    out = io.BytesIO()
    wide.save(out, "PNG")
    made = opened(photos.read(file(out.getvalue(), "anh.png")).data)
    corners = [made.getpixel(at) for at in ((5, 5), (234, 5), (5, 314), (234, 314))]
    assert all(isinstance(one, tuple) and one[2] > 200 and one[0] < 60 for one in corners)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_forty_million_points_are_taken(form: str) -> None:
    data = picture((8000, 5000), form, mode="RGB" if form == "JPEG" else "RGBA")
    assert opened(photos.read(file(data)).data).size == (240, 320)


# ── What is refused ───────────────────────────────────────────────────────────────────────────────


def bomb(side: int) -> bytes:
    """A PNG of some kilobytes that says it is `side` × `side`."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    packer, body = zlib.compressobj(9), b""
    for _row in range(200):
        body += packer.compress(bytes(1 + side * 3))
    body += packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "trống"),
        (b"%PDF-1.4 %%EOF", "không phải ảnh"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "không phải ảnh"),
        (b"GIF89a" + bytes(500), "không phải ảnh"),
        (b"MZ" + bytes(500), "không phải ảnh"),
        (b"\xff\xd8\xff" + bytes(500), "tệp hỏng"),
        (picture()[:900], "tệp hỏng"),
        (picture((100, 100)), "quá nhỏ"),
        (bomb(30_000), "hơn 40 triệu điểm ảnh"),
        (bomb(6_400), "hơn 40 triệu điểm ảnh"),
        (bytes(8 * 1024 * 1024 + 1), "tối đa 8 MB"),
    ],
)  # fmt: skip
def test_everything_else_is_refused_with_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        photos.read(file(data))
    assert len(refused.value.messages) == 1
    assert sentence in refused.value.messages[0]


# ── Kept, replaced, deleted ───────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_a_new_photo_takes_the_place_of_the_old_whose_file_goes(person: Attendee, olga: User) -> None:
    first, second = (photos.read(file(picture(colour=colour))) for colour in ("red", "blue"))
    photos.put(person, first, by=olga)
    person.refresh_from_db()
    assert kept() == [person.photo]
    photos.put(person, first, by=olga)  # the same again changes nothing
    photos.put(person, second, by=olga)
    person.refresh_from_db()
    assert kept() == [person.photo]
    assert storing.path(person.photo).read_bytes() == second.data
    photos.take_away(person, by=olga)
    photos.take_away(person, by=olga)
    person.refresh_from_db()
    assert (person.photo, kept()) == ("", [])
    rows = JournalEntry.objects.order_by("pk").values_list("act", "changes")
    assert list(rows) == [
        ("edit", {"photo": [False, True]}),
        ("edit", {"photo": [True, True]}),
        ("edit", {"photo": [True, False]}),
    ]


@pytest.mark.django_db(transaction=True)
def test_the_photo_goes_with_the_person_and_that_of_another_stays(
    person: Attendee, make_attendee: MakeAttendee, olga: User
) -> None:
    other = make_attendee(person.delegation, "Trần Thị Thúy")
    same = photos.read(file(picture()))
    for one in (person, other):
        photos.put(one, same, by=olga)
    answers.remove(person, by=olga)
    other.refresh_from_db()
    assert kept() == [other.photo]


@pytest.mark.django_db(transaction=True)
def test_photos_go_ninety_days_after_the_conference(person: Attendee, olga: User) -> None:
    conference = person.conference
    photos.put(person, photos.read(file(picture())), by=olga)
    noon = datetime.datetime.combine(conference.ends_on, datetime.time(12), conference.zone)
    for days, left in ((90, 1), (91, 0)):
        moment = noon + datetime.timedelta(days=days)
        Conference.objects.filter(pk=conference.pk).update(demo_now=moment)
        conference.refresh_from_db()
        retention.forget(conference)
        assert len(kept()) == left
    person.refresh_from_db()
    assert person.photo == ""
    assert JournalEntry.objects.latest("pk").actor_name == "Hệ thống"


def test_only_organisers_give_one(person: Attendee, dan: User, victor: User) -> None:
    inert = photos.read(file(picture()))
    for stranger in (dan, victor):
        with pytest.raises(PermissionDenied):
            photos.put(person, inert, by=stranger)
        with pytest.raises(PermissionDenied):
            photos.take_away(person, by=stranger)


# ── At the desk ───────────────────────────────────────────────────────────────────────────────────


def test_it_is_given_shown_and_taken_away_at_the_desk(
    person: Attendee, olga: User, settings: LazySettings
) -> None:
    settings.DEMO = True  # one step of signing in
    desk = signed_in(olga)
    home = f"/admin/attendees/attendee/{person.pk}/"
    assert "Thêm ảnh" in text(desk.get(f"{home}change/"))
    assert desk.get(f"{home}photo/picture/").status_code == 404
    for sent, sentence in ((None, "Chọn tệp ảnh."), (file(b"GIF89a" + bytes(99)), "không phải ảnh")):
        response = desk.post(f"{home}photo/", {"photo": sent} if sent else {})
        assert response.status_code == 200
        assert sentence in text(response)
    desk.post(f"{home}photo/", {"photo": file(picture())})
    shown = desk.get(f"{home}photo/picture/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in shown["Cache-Control"]
    assert "Ảnh để nhận mặt ở cửa" in text(desk.get(f"{home}change/"))
    desk.post(f"{home}photo/", {"remove": "1"})
    assert desk.get(f"{home}photo/picture/").status_code == 404


def test_nobody_without_the_desk_sees_it(
    person: Attendee, client: Client, olga: User, dan: User, settings: LazySettings
) -> None:
    settings.DEMO = True
    photos.put(person, photos.read(file(picture())), by=olga)
    address = f"/admin/attendees/attendee/{person.pk}/photo/picture/"
    assert signed_in(olga).get(address).status_code == 200
    assert (client.get(address).status_code, signed_in(dan).get(address).status_code) == (302, 403)
