"""Files of a delegation: told by their content, kept inert, refused with one clear sentence."""

import io
import re
import zlib
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from attendees import inspecting, uploading
from attendees.models import Attendee, Delegation, Upload
from conference import storing
from conference.models import JournalEntry, User
from tests.attendees.portal import close

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def letter(name: str = "cong-van.pdf", **root: Any) -> SimpleUploadedFile:
    """A PDF of one page; `root`: entries of its catalogue."""
    pdf, out = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    for key, value in root.items():
        pdf.Root[f"/{key}"] = value
    pdf.save(out)
    return SimpleUploadedFile(name, out.getvalue())


def scan(form: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **saving: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 200).save(out, form, **saving)
    return out.getvalue()


def give(
    delegation: Delegation,
    data: bytes | SimpleUploadedFile,
    name: str = "cong-van.pdf",
    by: User | None = None,
) -> Upload:
    file = data if isinstance(data, SimpleUploadedFile) else SimpleUploadedFile(name, data)
    return uploading.give(delegation, [inspecting.inspect(file)], by=by)[0]


def refusal(delegation: Delegation, data: bytes | SimpleUploadedFile, name: str = "cong-van.pdf") -> str:
    """The one sentence; nothing was kept."""
    with pytest.raises(ValidationError) as refused:
        give(delegation, data, name)
    assert Upload.objects.count() == 0
    assert [path for path in storing.path("").rglob("*") if path.is_file()] == []
    (sentence,) = refused.value.messages
    return sentence


# ── What is taken ─────────────────────────────────────────────────────────────────────────────────


def test_a_pdf_is_kept_byte_for_byte_under_its_hash(delegation: Delegation, dan: User) -> None:
    file = letter("Công văn 123.pdf")
    upload = give(delegation, file, by=dan)
    assert re.fullmatch(rf"uploads/{upload.sha256[:2]}/{upload.sha256}\.pdf", upload.file)
    file.seek(0)
    assert storing.path(upload.file).read_bytes() == file.read()
    assert (upload.name, upload.content_type, upload.given_by) == (
        "Công văn 123.pdf",
        "application/pdf",
        "Dan",
    )
    assert upload.given_at == delegation.conference.now()
    assert JournalEntry.objects.get().act == "upload"


@pytest.mark.parametrize(
    ("form", "content_type", "suffix"),
    [("JPEG", "image/jpeg", "jpg"), ("PNG", "image/png", "png"), ("WEBP", "image/webp", "webp")],
)
def test_a_picture_is_written_anew_and_only_the_picture_remains(
    delegation: Delegation, form: str, content_type: str, suffix: str
) -> None:
    exif = Image.Exif()
    exif[0x010E] = "<script>alert(1)</script>"  # description
    exif[0x0112] = 6  # lies on its side
    data = scan(form, exif=exif) + b"<script>trailing</script>"
    upload = give(delegation, data, "anh.HTML")
    kept = storing.path(upload.file).read_bytes()
    assert (upload.content_type, upload.file.rsplit(".")[-1]) == (content_type, suffix)
    assert b"script" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.size, picture.format, dict(picture.getexif())) == ((40, 60), form, {})


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_kind_are_taken(delegation: Delegation, mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    upload = give(delegation, scan(form, mode=mode))
    with Image.open(storing.path(upload.file)) as picture:
        assert picture.size == (60, 40)


def test_a_scan_of_twenty_five_million_points_is_taken(delegation: Delegation) -> None:
    assert give(delegation, scan("PNG", (5000, 5000), "RGBA")).content_type == "image/png"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\An\\Công văn.pdf", "Công văn.pdf"),
        ("a\u202egpj.exe.pdf", "agpj.exe.pdf"),
        ("x\x00\r\nSet-Cookie: a.pdf", "xSet-Cookie: a.pdf"),
        ("\u0300" * 300, "không tên"),
        ("ế" * 300 + ".pdf", "ế" * 196 + ".pdf"),
        ("   ", "không tên"),
    ],
)
def test_the_name_is_shown_and_reaches_no_disk(name: str, kept: str) -> None:
    assert inspecting.plain_name(name)[-200:] == kept or kept == "không tên"


def test_the_same_file_twice_is_one(delegation: Delegation) -> None:
    data = letter().read()
    first, second = (give(delegation, data, name) for name in ("a.pdf", "b.pdf"))
    assert (first, Upload.objects.count(), JournalEntry.objects.count()) == (second, 1, 1)


def test_ten_files_stand_and_one_more_is_told_to_wait(delegation: Delegation) -> None:
    made = [give(delegation, scan("PNG", (number + 1, 1))) for number in range(10)]
    with pytest.raises(ValidationError, match="Đã có 10 tệp"):
        give(delegation, scan("PNG", (50, 50)))
    uploading.withdraw(made[0], by=None)
    give(delegation, scan("PNG", (50, 50)))
    assert Upload.objects.standing().count() == 10


def test_a_file_is_withdrawn_once_and_its_row_stays(delegation: Delegation, dan: User) -> None:
    upload = give(delegation, letter(), by=dan)
    for _ in range(2):
        uploading.withdraw(upload, by=dan)
    upload.refresh_from_db()
    assert upload.withdrawn_at == delegation.conference.now()
    assert [entry.act for entry in JournalEntry.objects.order_by("pk")] == ["upload", "withdraw"]


# ── What is refused ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"PK\x03\x04 a workbook",
        b"MZ\x90\x00 a program",
        b"GIF89a" + b"\x00" * 20,
        b"\n%PDF-1.7 after an empty line",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"x",
    ],
)
def test_other_types_are_refused_whatever_their_name(delegation: Delegation, data: bytes) -> None:
    assert refusal(delegation, data).startswith("Tệp “cong-van.pdf” không phải PDF hoặc ảnh JPEG, PNG, WebP.")


def test_an_empty_file_is_refused(delegation: Delegation) -> None:
    assert refusal(delegation, b"") == "Tệp “cong-van.pdf” trống. Chọn lại tệp."


def test_a_file_over_ten_megabytes_is_refused_unread(delegation: Delegation) -> None:
    sentence = refusal(delegation, b"%PDF-" + b"0" * 10 * 1024 * 1024)
    assert sentence == ("Tệp “cong-van.pdf” nặng 10,0 MB, tối đa 10 MB. Quét lại ở độ phân giải thấp hơn.")


@pytest.mark.parametrize(
    "data",
    [
        scan()[:200],
        b"\xff\xd8\xff" + b"\x00" * 500,
        scan("PNG")[:-30],
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
        b"RIFF\x10\x00\x00\x00WEBPVP8 nothing here",
        b"%PDF-1.7\nnothing here",
        b"%PDF-" + b"(" * 100_000,
        b"%PDF-1.4\n1 0 obj\n" + b"[" * 100_000,
    ],
)
def test_a_broken_file_is_refused(delegation: Delegation, data: bytes) -> None:
    assert refusal(delegation, data).startswith("Không mở được tệp “cong-van.pdf”")


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.99])
def test_a_pdf_that_was_cut_on_its_way_is_refused(delegation: Delegation, part: float) -> None:
    data = letter().read()
    assert "tệp hỏng hoặc thiếu" in refusal(delegation, data[: int(len(data) * part)])


def test_a_picture_of_too_many_points_is_refused_before_it_is_decoded(delegation: Delegation) -> None:
    sentence = refusal(delegation, scan("PNG", (5001, 5000), "1"))
    assert sentence == "Ảnh “cong-van.pdf” có hơn 25 triệu điểm ảnh. Chụp hoặc quét lại ở cỡ nhỏ hơn."
    assert "25 triệu" in refusal(delegation, scan("PNG", (30_000, 30_000), "1"))


@pytest.mark.parametrize("password", ["", "bi-mat"])
def test_a_locked_pdf_is_refused(delegation: Delegation, password: str) -> None:
    pdf, out = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.save(out, encryption=pikepdf.Encryption(owner="chu", user=password))
    assert refusal(delegation, out.getvalue()) == (
        "Tệp “cong-van.pdf” có mật khẩu hoặc bị khóa. Bỏ khóa, lưu lại thành PDF rồi gửi lại."
    )


def test_a_pdf_without_pages_is_refused(delegation: Delegation) -> None:
    out = io.BytesIO()
    pikepdf.new().save(out)
    assert "không có trang nào" in refusal(delegation, out.getvalue())


Name, Dict, Array = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array
ACTIVE: dict[str, dict[str, Any]] = {
    "script at opening": {"OpenAction": Dict(S=Name.JavaScript, JS="app.alert(1)")},
    "script by name": {"Names": Dict(JavaScript=Dict(Names=Array(["a", Dict(S=Name.JavaScript, JS="1")])))},
    "script deep inside": {"X": Array([Array([Dict(Y=Array([Dict(AA=Dict(O=Dict(S=Name.JavaScript)))]))])])},
    "program": {"OpenAction": Dict(S=Name.Launch, F="cmd.exe")},
    "enclosed file": {"Names": Dict(EmbeddedFiles=Dict(Names=Array([])))},
    "file behind a sign": {"X": Dict(Type=Name.Annot, Subtype=Name.FileAttachment)},
    "form that sends": {"X": Dict(A=Dict(S=Name.SubmitForm, F="https://elsewhere.example"))},
    "XFA": {"AcroForm": Dict(XFA=Array([]))},
    "film": {"X": Dict(Subtype=Name.RichMedia)},
}


@pytest.mark.parametrize("what", ACTIVE)
def test_a_pdf_that_could_act_is_refused(delegation: Delegation, what: str) -> None:
    assert refusal(delegation, letter(**ACTIVE[what])) == (
        "Tệp “cong-van.pdf” có mã lệnh hoặc tệp kèm bên trong. In ra PDF mới, hoặc quét, rồi gửi lại."
    )


def test_names_written_in_disguise_are_known(delegation: Delegation) -> None:
    data = letter(OpenAction=Dict(S=Name.JavaScript, JS="app.alert(1)")).read()
    assert b"/JavaScript" in data
    assert "mã lệnh" in refusal(delegation, data.replace(b"/JavaScript", b"/J#61vaScri#70t", 1))


@pytest.mark.parametrize(
    "harmless",
    [
        {"OpenAction": Array([0, Name.Fit])},
        {"X": Dict(A=Dict(S=Name.URI, URI="https://lamdong.gov.vn"))},
        {"AcroForm": Dict(SigFlags=3, Fields=Array([Dict(FT=Name.Sig, V=Dict(Type=Name.Sig))]))},
    ],
)
def test_what_letters_usually_hold_is_taken(delegation: Delegation, harmless: dict[str, Any]) -> None:
    assert give(delegation, letter(**harmless)).content_type == "application/pdf"


def test_a_small_pdf_that_unfolds_to_gigabytes_is_refused(delegation: Delegation) -> None:
    stream = zlib.compress(b"5 0 " + b" " * 900 * 1024 * 1024 + b"<< >>", 9)
    assert len(stream) < 1024 * 1024
    assert "quá nặng để mở" in refusal(delegation, unfolding(stream))


def unfolding(stream: bytes) -> bytes:
    """A PDF whose objects lie in a compressed stream."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] /X 5 0 R >>",
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(stream)
        + stream
        + b"\nendstream",
    ]
    body, places = b"%PDF-1.5\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    rows = [(0, 0, 65535), *((1, place, 0) for place in places), (2, 4, 0), (1, len(body), 0)]
    table = b"".join(kind.to_bytes(1) + at.to_bytes(4) + number.to_bytes(2) for kind, at, number in rows)
    end = b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 4 2] /Root 1 0 R /Length %d >>\nstream\n" % len(table)
    return body + end + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(body)


# ── Who, and until when ───────────────────────────────────────────────────────────────────────────


def test_after_the_deadline_and_for_others_nothing_is_taken(
    delegation: Delegation, dan: User, mai: User
) -> None:
    with pytest.raises(PermissionDenied):
        give(delegation, letter(), by=mai)
    upload = give(delegation, letter(), by=dan)
    close(delegation)
    with pytest.raises(ValidationError, match="Đã quá hạn"):
        give(delegation, letter("b.pdf"), by=dan)
    with pytest.raises(ValidationError, match="Đã quá hạn"):
        uploading.withdraw(upload, by=dan)
    assert Upload.objects.standing().count() == 1


def test_a_file_of_one_person_stands_beside_those_of_the_delegation(
    delegation: Delegation, person: Attendee
) -> None:
    kind = Upload.Kind.ANSWER
    give(delegation, letter())
    uploading.record(delegation, inspecting.inspect(letter()), by=None, kind=kind, attendee=person)
    assert [(one.kind, one.attendee) for one in Upload.objects.order_by("pk")] == [
        ("nomination", None),
        ("answer", person),
    ]
