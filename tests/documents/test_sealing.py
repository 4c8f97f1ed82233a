"""Certificates signed: by the key of the house in a worker, or by the agency's own service and back."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from attendees import erasing
from attendees.models import Attendee
from conference import checks, leases
from conference.models import Conference, JournalEntry, User
from documents import certificates, rows, sealing, signing, signing_keys, storing
from documents.errors import PaperError
from documents.kinds import KINDS
from documents.kinds.certificate_signing import SIGNING
from documents.models import Certificate, CertificateFile, Document, DocumentPart
from tests.conference.desk import signed_in, strict, text  # noqa: F401  (a fixture)
from tests.documents import reading
from tests.documents.forging import painted, rewritten, seen_on_the_page
from tests.documents.keys import OWNER, Authority
from tests.installation import free_port

Work = Callable[[Document], Document]
Kind = CertificateFile.Kind
DESK = "/admin/signing/"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def key(authority: Authority, settings: LazySettings, tmp_path: Path) -> Path:
    """The operator's key, and the roots that are trusted."""
    signing_keys._file.cache_clear()
    file, secret = authority.key_file(tmp_path)
    settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_PASSPHRASE_FILE = str(file), str(secret)
    settings.SIGNING_TRUST_FILE = str(authority.write(tmp_path))
    return file


@pytest.fixture
def given_out(
    conference: Conference, issued: list[Certificate], olga: User, work: Work, key: Path
) -> list[bytes]:
    """The files that the agency is to sign, in the order of their numbers."""
    work(sealing.ask_for_bases(conference, by=olga))
    rows = CertificateFile.objects.filter(kind=Kind.BASE).order_by("certificate__number")
    return [storing.path(one.file).read_bytes() for one in rows]


def signed(pdf: bytes) -> bytes:
    return signing.sign(pdf, reason="Cấp giấy chứng nhận", location="Hà Nội")


def archival(pdf: bytes) -> list[str]:
    """What PDF/A-3 level U asks for and is missing (ISO 19005-3), as far as entries tell; not a validator."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        intents = opened.Root.get("/OutputIntents", [])
        meta = bytes(opened.Root.Metadata.read_bytes()) if "/Metadata" in opened.Root else b""
        fonts = [one for one in opened.objects if isinstance(one, pikepdf.Dictionary)]
        descriptors = [one for one in fonts if one.get("/Type") == pikepdf.Name.FontDescriptor]
        composite = [one for one in fonts if one.get("/Subtype") == pikepdf.Name.Type0]
        wrong = {
            "no output intent": not [one for one in intents if "/DestOutputProfile" in one],
            "no part in XMP": b'pdfaid:part="3"' not in meta and b"<pdfaid:part>3<" not in meta,
            "no level in XMP": b'pdfaid:conformance="U"' not in meta
            and b"<pdfaid:conformance>U<" not in meta,
            "encrypted": opened.is_encrypted,
            "no ID": "/ID" not in opened.trailer,
            "a font is not embedded": not descriptors
            or any(not {"/FontFile", "/FontFile2", "/FontFile3"} & set(one.keys()) for one in descriptors),
            "letters without Unicode": any("/ToUnicode" not in one for one in composite),
            "scripts": "/JavaScript" in opened.Root.get("/Names", {}),
        }
    return [name for name, is_wrong in wrong.items() if is_wrong]


# Bytes of a comment that every file begins with: other ones change nothing that is shown.
ANOTHER_MARK = b"%\xf0\x9f", b"%\xf0\x9e"


def refusals(found: list[sealing.Outcome]) -> list[str]:
    return [one.refusal for one in found]


# ── By the key of the house ───────────────────────────────────────────────────────────────────────


def test_one_press_signs_everything_that_is_valid_and_not_signed(
    conference: Conference, issued: list[Certificate], olga: User, work: Work, key: Path
) -> None:
    certificates.revoke(issued[0], "Cấp nhầm", by=olga)
    document = work(sealing.ask_to_sign(conference, by=olga))
    assert (document.state, document.total) == (Document.State.READY, len(issued) - 1)
    rows = CertificateFile.objects.filter(kind=Kind.SIGNED).select_related("certificate")
    assert {row.certificate_id for row in rows} == {one.pk for one in issued[1:]}
    for row in rows:
        pdf = storing.path(row.file).read_bytes()
        assert signing.read(pdf).is_trusted
        assert (row.signer, row.signed_at is not None) == (OWNER, True)
        said = reading.text(pdf)
        assert row.certificate.full_number in said
        assert f"Đã ký số: {OWNER}" in said
        assert "Bản chưa ký số" not in said
        assert archival(pdf) == []
    with pytest.raises(PaperError, match="chưa ký số"):
        sealing.ask_to_sign(conference, by=olga)


def test_the_signature_and_the_file_tell_of_the_conference_what_was_approved(
    conference: Conference, issued: list[Certificate], olga: User, work: Work, key: Path
) -> None:
    place, agency = conference.issue_place, conference.issuing_agency
    conference.issue_place, conference.issuing_agency, conference.short_title = (
        "Huế",
        "Bộ Khác",
        "tập huấn khác",
    )
    conference.save()
    work(sealing.ask_to_sign(conference, by=olga))
    for row in CertificateFile.objects.filter(kind=Kind.SIGNED):
        with pikepdf.open(storing.path(row.file)) as pdf:
            (field,) = pdf.Root.AcroForm.Fields
            told = f"{pdf.docinfo} {bytes(pdf.Root.Metadata.read_bytes()).decode()}"
            assert str(field.V.Location) == place
            assert agency in told
            assert not [new for new in ("Huế", "Bộ Khác", "tập huấn khác") if new in told]


@pytest.mark.parametrize("pieces", [1, 2])
def test_a_key_that_expired_leaves_a_reason_and_nothing_half(
    conference: Conference, issued: list[Certificate], olga: User, work: Work, settings: LazySettings,
    authority: Authority, tmp_path: Path, pieces: int, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(type(KINDS[SIGNING]), "chunk", -(-len(issued) // pieces))
    signing_keys._file.cache_clear()
    file, secret = authority.key_file(tmp_path, days=(-10, -1))
    settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_PASSPHRASE_FILE = str(file), str(secret)
    document = work(sealing.ask_to_sign(conference, by=olga))
    assert document.state == Document.State.FAILED
    head = f"Thiếu {len(issued)} người: " if pieces > 1 else ""
    assert document.error.startswith(f"{head}Chứng thư số của khóa ký đã hết hạn ")
    assert document.error.endswith(". Báo người quản trị.")
    assert not CertificateFile.objects.filter(kind=Kind.SIGNED).exists()


def test_two_runs_sign_each_certificate_once(
    conference: Conference, issued: list[Certificate], olga: User, work: Work, key: Path
) -> None:
    first, second = (sealing.ask_to_sign(conference, by=olga) for _ in range(2))
    assert work(first).state == work(second).state == Document.State.READY
    assert CertificateFile.objects.filter(kind=Kind.SIGNED).count() == len(issued)
    row = CertificateFile.objects.filter(kind=Kind.SIGNED).first()
    assert row is not None
    with pytest.raises(IntegrityError), transaction.atomic():  # what holds if both asked at the same moment
        CertificateFile.objects.create(
            certificate=row.certificate, kind=Kind.SIGNED, file="x", sha256="0" * 64, size=1
        )


def archived(document: Document) -> set[str]:
    """The SHA-256 of every file in the archive of a paper."""
    with storing.opened(document.file) as file, zipfile.ZipFile(file) as archive:
        return {hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


def test_two_runs_at_once_hand_out_the_files_that_were_kept(
    conference: Conference, issued: list[Certificate], olga: User, work: Work, key: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    first, second = (sealing.ask_to_sign(conference, by=olga) for _ in range(2))
    sign = signing.sign

    def slowly(pdf: bytes, **about: Any) -> bytes:
        """Another worker signs the same and is through before."""
        monkeypatch.setattr(signing, "sign", sign)
        work(second)
        return sign(pdf, **about)

    monkeypatch.setattr(signing, "sign", slowly)
    work(first)
    DocumentPart.objects.update(run_after=None)
    work(first)
    kept = set(CertificateFile.objects.filter(kind=Kind.SIGNED).values_list("sha256", flat=True))
    assert archived(first) == archived(second) == kept
    assert len(kept) == len(issued)


@pytest.mark.parametrize("is_meanwhile", [False, True], ids=("before", "meanwhile"))
@pytest.mark.parametrize("act", ["revoke", "replace"])
def test_what_has_ended_since_it_was_to_be_signed_is_not_signed(
    conference: Conference, issued: list[Certificate], olga: User, work: Work, key: Path, act: str,
    is_meanwhile: bool, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    document, sign = sealing.ask_to_sign(conference, by=olga), signing.sign

    def end() -> None:
        getattr(certificates, act)(issued[0], "Cấp nhầm", by=olga)

    def late(pdf: bytes, **about: Any) -> bytes:
        monkeypatch.setattr(signing, "sign", sign)
        end()
        return sign(pdf, **about)

    if is_meanwhile:
        monkeypatch.setattr(signing, "sign", late)
    else:
        end()
    work(document)
    DocumentPart.objects.update(run_after=None)
    work(document)
    signed_ones = CertificateFile.objects.filter(kind=Kind.SIGNED)
    assert set(signed_ones.values_list("certificate", flat=True)) == {one.pk for one in issued[1:]}
    assert archived(document) == set(signed_ones.values_list("sha256", flat=True))
    assert document.state == Document.State.READY
    said = f"Giấy số {issued[0].full_number} đã được thay hoặc thu hồi, không ký nữa."
    assert document.error == f"Thiếu 1 người: {said}"


def test_where_all_have_ended_each_is_named(
    conference: Conference, issued: list[Certificate], olga: User, work: Work, key: Path
) -> None:
    document = sealing.ask_to_sign(conference, by=olga)
    for one in issued:
        certificates.revoke(one, "Cấp nhầm", by=olga)
    work(document)
    assert document.state == Document.State.FAILED
    assert document.error.startswith(f"Thiếu {len(issued)} người: ")
    assert all(f"Giấy số {one.full_number} " in document.error for one in issued[:3])


def test_only_who_runs_the_conference_signs(conference: Conference, dan: User, victor: User) -> None:
    for person in (dan, victor):
        with pytest.raises(PermissionDenied):
            sealing.ask_to_sign(conference, by=person)
        with pytest.raises(PermissionDenied):
            sealing.take_back(conference, [], untrusted=False, by=person)


# ── By the agency's own service ───────────────────────────────────────────────────────────────────


def test_files_given_out_bear_no_mark_and_come_back_by_what_they_begin_with(
    conference: Conference, given_out: list[bytes], issued: list[Certificate], olga: User
) -> None:
    assert not [pdf for pdf in given_out if "ký số" in reading.text(pdf)]
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for number, pdf in enumerate(given_out[1:]):
            zipped.writestr(f"tệp bất kỳ {number}.pdf", signed(pdf))
    uploads = [("một.pdf", signed(given_out[0])), ("nhiều.zip", archive.getvalue())]
    found = sealing.take_back(conference, uploads, untrusted=False, by=olga)
    assert refusals(found) == [""] * len(issued)
    assert [one.certificate for one in found] == sorted(issued, key=lambda one: one.number)
    assert sealing.unsigned(conference) == []
    assert taken_and_recorded() == (len(issued), len(issued))
    entry = JournalEntry.objects.filter(act="take_signed").last()
    assert entry is not None
    assert CertificateFile.objects.get(sha256=entry.changes["hash"][1]).kind == Kind.SIGNED


def test_each_file_that_is_wrong_says_why_and_the_good_ones_come_in(
    conference: Conference, given_out: list[bytes], issued: list[Certificate], olga: User, dan: User
) -> None:
    first, second, third = (signed(pdf) for pdf in given_out[:3])
    place = second.index(b"/Reason")
    altered = second[: place + 20] + bytes([second[place + 20] ^ 1]) + second[place + 21 :]
    certificates.revoke(Certificate.objects.get(number=3), "Cấp nhầm", by=olga)
    locked = BytesIO()
    with zipfile.ZipFile(locked, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("bom.pdf", b"0" * (60 << 20))
    uploads = [
        ("tốt.pdf", first), ("ký lại.pdf", seen_on_the_page(given_out[0])),
        ("chưa ký.pdf", given_out[1]), ("sửa.pdf", altered),
        ("thu hồi.pdf", third), ("lạ.pdf", signed(given_out[1].replace(*ANOTHER_MARK))),
        ("ảnh.pdf", b"\x89PNG"), ("hỏng.pdf", b"%PDF-1.7 nothing"), ("hỏng.zip", b"PK nothing"),
        ("bom.zip", locked.getvalue()), ("to.pdf", b"%PDF-" + b"0" * (6 << 20)),
    ]  # fmt: skip
    found = sealing.take_back(conference, uploads, untrusted=False, by=olga)
    expected = [
        "", "đã có bản ký số", "chưa có chữ ký số", "bị sửa sau khi ký", "thay hoặc thu hồi", "",
        "Không phải tệp PDF", "hỏng, không đọc được", "ZIP hỏng", "quá nhiều hoặc quá lớn", "lớn quá 5 MB",
    ]  # fmt: skip
    for outcome, sentence in zip(found, expected, strict=True):
        if outcome.name != "lạ.pdf":
            assert sentence in outcome.refusal, outcome
            assert bool(outcome.certificate) == (sentence == "")
    assert found[5].certificate is None
    assert "Không khớp" in found[5].refusal
    assert CertificateFile.objects.filter(kind=Kind.SIGNED).count() == 1


def revoke(one: Certificate, by: User) -> None:
    certificates.revoke(one, "Cấp nhầm", by=by)


def erase(one: Certificate, by: User) -> None:
    Attendee.objects.filter(pk=one.attendee_id).update(status="declined")
    erasing.erase(one.attendee, by=by)


@pytest.mark.parametrize("is_meanwhile", [False, True], ids=("before", "meanwhile"))
@pytest.mark.parametrize(
    ("act", "says"),
    [(revoke, "thay hoặc thu hồi"), (erase, "đã xóa dữ liệu cá nhân")],
    ids=("revoked", "erased"),
)
def test_of_who_was_revoked_or_erased_since_no_signed_file_is_kept(
    given_out: list[bytes], conference: Conference, olga: User, work: Work, media: Path,
    monkeypatch: pytest.MonkeyPatch, act: Callable[[Certificate, User], None], says: str, is_meanwhile: bool,
) -> None:  # fmt: skip
    work(Document.objects.get(kind="certificate-files"))  # nobody is erased while these are made
    one, made = Certificate.objects.get(number=1), signed(given_out[0])
    found_at = sealing._base_of

    def late(*given: Any) -> CertificateFile | None:
        act(one, olga)
        return found_at(*given)

    if is_meanwhile:
        monkeypatch.setattr(sealing, "_base_of", late)
    else:
        act(one, olga)
    files = sorted(media.rglob("*"))
    [refused] = sealing.take_back(conference, [("a.pdf", made)], untrusted=False, by=olga)
    assert (refused.certificate, says in refused.refusal) == (None, True)
    assert sorted(media.rglob("*")) == files
    assert taken_and_recorded() == (0, 0)


def test_without_its_time_stamp_a_paper_is_tried_again_and_then_says_what_was_missing(
    conference: Conference,
    issued: list[Certificate],
    olga: User,
    work: Work,
    key: Path,
    settings: LazySettings,
) -> None:
    settings.SIGNING_TSA_URL = f"http://127.0.0.1:{free_port()}/"  # nobody listens
    document = work(sealing.ask_to_sign(conference, by=olga))
    assert document.state == Document.State.RUNNING
    [row] = rows.rows(rows.of(Document.objects.filter(pk=document.pk)), olga)
    assert row.sentence.startswith("Lần vừa rồi chưa được, hệ thống tự thử lại.")
    for _attempt in range(leases.MOST_ATTEMPTS):
        DocumentPart.objects.update(run_after=None)
        work(document)
    assert document.state == Document.State.FAILED
    assert document.error == "Dịch vụ cấp dấu thời gian không trả lời đúng. Báo người quản trị."
    assert not CertificateFile.objects.filter(kind=Kind.SIGNED).exists()


def test_files_given_out_again_are_the_same_and_come_back_whatever_was_edited_since(
    conference: Conference, given_out: list[bytes], issued: list[Certificate], olga: User, work: Work
) -> None:
    conference.place, conference.demo_now = "thành phố Huế", conference.now() + timedelta(days=1)
    conference.save()
    again = work(sealing.ask_for_bases(conference, by=olga))
    with storing.opened(again.file) as file, zipfile.ZipFile(file) as archive:
        files = [archive.read(name) for name in archive.namelist()]
    assert sorted(files) == sorted(given_out)
    uploads = [("a.pdf", signed(pdf)) for pdf in files]
    assert refusals(sealing.take_back(conference, uploads, untrusted=False, by=olga)) == [""] * len(issued)


def test_of_files_that_stand_nothing_is_laid_out_again(
    conference: Conference, given_out: list[bytes], issued: list[Certificate], olga: User, work: Work
) -> None:
    CertificateFile.objects.filter(kind=Kind.BASE, certificate=issued[2]).delete()
    Certificate.objects.filter(pk=issued[0].pk).update(full_name="Nguyễn 😀 An")  # no font has this letter
    again = work(sealing.ask_for_bases(conference, by=olga))
    assert (again.state, again.pages, again.total) == (Document.State.READY, len(issued), len(issued))
    with storing.opened(again.file) as file, zipfile.ZipFile(file) as archive:
        files = [archive.read(name) for name in archive.namelist()]
    assert [files[at] for at in (0, 1, 3)] == [given_out[at] for at in (0, 1, 3)]
    made = CertificateFile.objects.get(kind=Kind.BASE, certificate=issued[2])
    assert files[2] == storing.path(made.file).read_bytes()
    CertificateFile.objects.filter(kind=Kind.BASE, certificate=issued[0]).delete()
    assert "😀" in work(sealing.ask_for_bases(conference, by=olga)).error  # the control


def test_the_same_files_once_more_are_taken_and_change_nothing(
    conference: Conference, given_out: list[bytes], olga: User
) -> None:
    uploads = [("a.pdf", signed(pdf)) for pdf in given_out[:2]]
    once = sealing.take_back(conference, uploads, untrusted=False, by=olga)
    assert refusals(once) == ["", ""]
    assert sealing.take_back(conference, uploads, untrusted=False, by=olga) == once
    assert taken_and_recorded() == (2, 2)


@pytest.mark.parametrize("packed", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_what_of_an_archive_cannot_be_unpacked_says_so_and_the_rest_comes_in(
    conference: Conference, given_out: list[bytes], olga: User, packed: int
) -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", packed) as zipped:
        for number, pdf in enumerate(given_out[:3], start=1):
            zipped.writestr(f"{number}.pdf", signed(pdf))
        second = zipped.infolist()[1].header_offset + 30 + len("2.pdf")
    spoilt = archive.getvalue()
    spoilt = spoilt[:second] + b"\xff" * 9 + spoilt[second + 9 :]
    found = sealing.take_back(conference, [("a.zip", spoilt)], untrusted=False, by=olga)
    assert refusals(found) == ["", "Tệp ZIP hỏng, không mở được.", ""]
    assert taken_and_recorded() == (2, 2)


def test_of_too_many_files_none_is_taken(
    conference: Conference, given_out: list[bytes], olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "MOST_FILES", 2)
    uploads = [("a.pdf", signed(pdf)) for pdf in given_out[:3]]
    with pytest.raises(ValidationError, match="Nhiều tệp quá"):
        sealing.take_back(conference, uploads, untrusted=False, by=olga)
    assert taken_and_recorded() == (0, 0)
    assert refusals(sealing.take_back(conference, uploads[:2], untrusted=False, by=olga)) == ["", ""]


def taken_and_recorded() -> tuple[int, int]:
    taken = CertificateFile.objects.filter(kind=Kind.SIGNED).count()
    return taken, JournalEntry.objects.filter(act="take_signed").count()


@pytest.mark.parametrize("forged", [lambda pdf: signed(painted(pdf)), rewritten], ids=("before", "over"))
def test_a_page_that_was_painted_over_before_it_was_signed_is_refused(
    conference: Conference, given_out: list[bytes], olga: User, forged: Callable[[bytes], bytes]
) -> None:
    made = forged(given_out[0])
    assert made.startswith(given_out[0])
    uploads = [("giả.pdf", made), ("thật.pdf", seen_on_the_page(given_out[1]))]
    found = sealing.take_back(conference, uploads, untrusted=True, by=olga)
    assert refusals(found) == ["Có nội dung được thêm vào tệp ngoài chữ ký số.", ""]
    assert CertificateFile.objects.filter(kind=Kind.SIGNED).count() == 1


def test_a_signed_file_of_another_conference_is_foreign(
    conference: Conference, given_out: list[bytes], ada: User, settings: LazySettings
) -> None:
    Conference.objects.filter(pk=conference.pk).update(slug="khac")
    other = Conference.objects.get(pk=conference.pk)
    other.pk, other.slug = None, "moi"
    other.save()
    found = sealing.take_back(other, [("a.pdf", signed(given_out[0]))], untrusted=False, by=ada)
    assert "Không khớp với tệp nào" in found[0].refusal


def test_a_signer_that_leads_to_no_root_is_taken_only_when_told_so(
    conference: Conference, given_out: list[bytes], olga: User, settings: LazySettings
) -> None:
    made = signed(given_out[0])
    settings.SIGNING_TRUST_FILE = ""
    [refused] = sealing.take_back(conference, [("a.pdf", made)], untrusted=False, by=olga)
    assert "chuỗi chứng thư" in refused.refusal
    [taken] = sealing.take_back(conference, [("a.pdf", made)], untrusted=True, by=olga)
    assert taken.certificate is not None


def test_a_signature_that_shows_on_the_page_is_taken_only_of_who_is_trusted(
    conference: Conference, given_out: list[bytes], olga: User, settings: LazySettings
) -> None:
    """Its place may cover the page, and show another name."""
    uploads = [("hiện.pdf", seen_on_the_page(given_out[0])), ("ẩn.pdf", signed(given_out[1]))]
    roots, settings.SIGNING_TRUST_FILE = settings.SIGNING_TRUST_FILE, ""
    found = sealing.take_back(conference, uploads, untrusted=True, by=olga)
    assert ["không để hiện trên trang" in one for one in refusals(found)] == [True, False]
    assert taken_and_recorded() == (1, 1)
    settings.SIGNING_TRUST_FILE = roots
    assert refusals(sealing.take_back(conference, uploads, untrusted=False, by=olga)) == ["", ""]


@pytest.mark.parametrize("content", [None, "", "not a certificate"])
def test_roots_that_cannot_be_read_are_told_in_a_sentence_and_as_the_site_starts(
    conference: Conference, given_out: list[bytes], olga: User, work: Work, settings: LazySettings,
    tmp_path: Path, content: str | None,
) -> None:  # fmt: skip
    assert checks.roots_can_be_read() == []
    made, file = signed(given_out[0]), tmp_path / "other.pem"
    if content is not None:
        file.write_text(content)
    settings.SIGNING_TRUST_FILE = str(file)
    assert [one.id for one in checks.roots_can_be_read()] == ["conference.W001"]
    [refused] = sealing.take_back(conference, [("a.pdf", made)], untrusted=True, by=olga)
    assert "SIGNING_TRUST_FILE" in refused.refusal
    document = work(sealing.ask_to_sign(conference, by=olga))
    assert (document.state, "SIGNING_TRUST_FILE" in document.error) == (Document.State.FAILED, True)
    assert not CertificateFile.objects.filter(kind=Kind.SIGNED).exists()


# ── The desk ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def desk(olga: User, settings: LazySettings, strict: None) -> Client:  # noqa: F811 - the fixture of that name
    settings.DEMO = True  # no second factor in the way
    return signed_in(olga)


def test_the_page_signs_gives_out_and_takes_back(
    desk: Client, conference: Conference, issued: list[Certificate], work: Work, key: Path
) -> None:
    assert "Ký mọi giấy còn giá trị" in text(desk.get(DESK))
    desk.post(f"{DESK}export/")
    work(Document.objects.get(kind="certificate-bases"))
    rows = CertificateFile.objects.filter(kind=Kind.BASE).order_by("certificate__number")
    manifest = desk.get(f"{DESK}manifest/").content.decode("utf-8-sig").splitlines()
    assert len(manifest) == len(issued) + 1
    assert rows[0].sha256 in manifest[1]
    exported = JournalEntry.objects.get(act="export")
    assert exported.changes["people"] == [None, len(issued)], "whose names it took out, `looked` can tell"
    files = [
        SimpleUploadedFile("một.pdf", signed(storing.path(rows[0].file).read_bytes())),
        SimpleUploadedFile("hai.pdf", b"%PDF-1.7"),
    ]
    page = text(desk.post(f"{DESK}take/", {"signed": files}))
    assert "Nhận 1 tệp, không nhận 1 tệp." in page
    assert "hai.pdf : Tệp PDF hỏng" in page
    assert "Chọn tệp đã ký." in text(desk.post(f"{DESK}take/", {}))
    desk.post(f"{DESK}sign/")
    work(Document.objects.get(kind="certificate-signing"))
    assert CertificateFile.objects.filter(kind=Kind.SIGNED).count() == len(issued)
    assert "Giấy còn giá trị 4 Đã ký số 4 Chưa ký số 0" in text(desk.get(DESK))


def test_a_reason_of_many_files_is_told_once_and_an_empty_file_stops_no_other(
    desk: Client, conference: Conference, issued: list[Certificate], olga: User, work: Work, key: Path
) -> None:
    work(sealing.ask_for_bases(conference, by=olga))
    base = storing.path(CertificateFile.objects.filter(kind=Kind.BASE)[0].file).read_bytes()
    sent = [SimpleUploadedFile(f"{n}.pdf", base) for n in range(1, 7)]
    sent += [SimpleUploadedFile("0.pdf", b""), SimpleUploadedFile("la.pdf", b"x")]
    page = text(desk.post(f"{DESK}take/", {"signed": sent}))
    assert "Nhận 0 tệp, không nhận 8 tệp." in page
    assert page.count("Tệp chưa có chữ ký số.") == 1
    assert "6 tệp : Tệp chưa có chữ ký số." in page
    assert "1.pdf; 2.pdf; 3.pdf; 4.pdf; 5.pdf; 6.pdf" in page
    assert "0.pdf : Tệp rỗng." in page
    assert "la.pdf : Không phải tệp PDF." in page


@pytest.mark.parametrize(("number", "status"), [(20, 200), (21, 413)])
def test_more_files_than_a_form_may_bring_are_refused_with_a_way_back(
    desk: Client, conference: Conference, number: int, status: int
) -> None:
    sent = [SimpleUploadedFile(f"{n}.pdf", b"x") for n in range(number)]
    came = f"http://testserver{DESK}"
    answer = desk.post(f"{DESK}take/", {"signed": sent}, headers={"referer": came})
    assert answer.status_code == status
    said = "Nhận 0 tệp" if status == 200 else "Mỗi lần gửi tối đa 20 tệp, chưa nhận tệp nào."
    assert said in text(answer)
    assert f'href="{DESK}"' in answer.content.decode()


@pytest.mark.parametrize("name", ["=1+1", "＝1+1", "＠SUM(1)", "\n=1+1"])
def test_no_cell_of_the_table_of_hashes_begins_like_a_formula(
    name: str, desk: Client, given_out: list[bytes]
) -> None:
    Certificate.objects.update(full_name=name)
    table = desk.get(f"{DESK}manifest/").content.decode("utf-8-sig")
    heading, *rows = csv.reader(StringIO(table, newline=""))
    assert heading == ["Số", "Họ và tên", "SHA-256", "Số byte"]
    assert [row[1] for row in rows] == [f"'{name}"] * len(given_out)


def test_without_a_key_the_page_says_so(desk: Client, conference: Conference, people: list[Attendee]) -> None:
    assert "Máy chủ chưa được giao khóa ký" in text(desk.get(DESK))


def test_copies_are_archival_too_and_the_check_would_tell(
    conference: Conference, issued: list[Certificate], work: Work
) -> None:
    work(Document.objects.get(kind="certificate-files"))
    row = CertificateFile.objects.filter(kind=Kind.COPY).first()
    assert row is not None
    pdf = storing.path(row.file).read_bytes()
    assert archival(pdf) == []
    with pikepdf.open(BytesIO(pdf)) as opened:
        del opened.Root.OutputIntents, opened.Root.Metadata
        changed = BytesIO()
        opened.save(changed)
    assert archival(changed.getvalue())[:3] == ["no output intent", "no part in XMP", "no level in XMP"]
