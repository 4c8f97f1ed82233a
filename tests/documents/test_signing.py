"""Digital signatures: made with a key of the operator's, checked by two readers, refused where wrong."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import Signer

from documents import signing, signing_keys
from documents.errors import SignatureRefused, Unanswered
from documents.pdf import renderer
from documents.signing_keys import KeyRefused
from tests.documents.keys import OWNER, PASSPHRASE, Authority, serving_stamps

PAGE = "<!doctype html><html lang=vi><title>Giấy</title><p>Giấy chứng nhận số {}</p></html>"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return renderer("base.css").render(PAGE.format(1)).pdf


@pytest.fixture(autouse=True)
def _opened_anew() -> None:
    signing_keys._file.cache_clear()


@pytest.fixture
def key(authority: Authority, settings: LazySettings, tmp_path: Path) -> Path:
    """The operator's key, and the roots that are trusted."""
    file, secret = authority.key_file(tmp_path)
    settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_PASSPHRASE_FILE = str(file), str(secret)
    settings.SIGNING_TRUST_FILE = str(authority.write(tmp_path))
    return file


def signed(pdf: bytes) -> bytes:
    return signing.sign(pdf, reason="Cấp giấy chứng nhận", location="Hà Nội")


def pdfsig(pdf: bytes, folder: Path) -> str:
    file = folder / "signed.pdf"
    file.write_bytes(pdf)
    told = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False)
    return told.stdout


def test_a_signed_file_begins_with_what_was_signed_and_two_readers_find_it_whole(
    pdf: bytes, key: Path, tmp_path: Path
) -> None:
    made = signed(pdf)
    assert made.startswith(pdf)
    assert b"/Producer" not in made[len(pdf) :]  # what the file tells of itself is not written anew
    found = signing.read(made)
    assert (found.signer, found.is_trusted) == (OWNER, True)
    assert found.at is not None
    told = pdfsig(made, tmp_path)
    assert "Signature is Valid" in told
    assert "ETSI.CAdES.detached" in told
    assert "Total document signed" in told


def test_without_a_root_a_signature_is_whole_and_not_trusted(
    pdf: bytes, key: Path, settings: LazySettings
) -> None:
    made = signed(pdf)
    settings.SIGNING_TRUST_FILE = ""
    assert signing.read(made).is_trusted is False


@pytest.mark.parametrize(
    "made", [ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 3072)]
)
def test_other_keys_sign_too(
    pdf: bytes, authority: Authority, settings: LazySettings, tmp_path: Path, made: object
) -> None:
    file, secret = authority.key_file(tmp_path, key=made)
    settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_PASSPHRASE_FILE = str(file), str(secret)
    settings.SIGNING_TRUST_FILE = str(authority.write(tmp_path))
    assert signing.read(signed(pdf)).is_trusted


def test_a_later_signature_has_the_very_bytes_that_pyhanko_makes(key: Path) -> None:
    signer = signing_keys.key().signer
    digests = [hashlib.sha256(text).digest() for text in (b"first", b"second", b"third")]
    ways: list[Any] = [signer.async_sign, partial(Signer.async_sign, signer)]
    ours, theirs = (
        [asyncio.run(way(one, "sha256", use_pades=True)).dump() for one in digests] for way in ways
    )
    assert ours == theirs


def test_a_time_stamp_service_is_asked_once_and_its_stamp_stands_in_the_signature(
    pdf: bytes, key: Path, authority: Authority, settings: LazySettings, tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    with serving_stamps(authority) as (address, asked):
        settings.SIGNING_TSA_URL = address
        made = signed(pdf)
    assert signing.read(made).is_trusted
    assert "Signature is Valid" in pdfsig(made, tmp_path)
    [signature] = PdfFileReader(BytesIO(made)).embedded_signatures
    besides = [one["type"].native for one in signature.signer_info["unsigned_attrs"]]
    assert (besides, len(asked)) == (["signature_time_stamp_token"], 1)
    with pytest.raises(Unanswered, match="dấu thời gian"):  # the service is away now
        signed(pdf)
    [told] = [one for one in caplog.records if one.name == "documents.signing"]
    assert told.getMessage().startswith(f"No time stamp from {address}: ")
    assert "Cannot connect" in told.getMessage()
    assert told.exc_info is None, "frames of ours say nothing of another's service"


@pytest.mark.parametrize("made", [None, ec.generate_private_key(ec.SECP256R1())])
def test_what_was_just_signed_is_read_back_in_full_once_and_then_by_what_differs(
    key: Path, authority: Authority, settings: LazySettings, tmp_path: Path, made: object
) -> None:
    if made is not None:
        file, secret = authority.key_file(tmp_path, key=made)
        settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_PASSPHRASE_FILE = str(file), str(secret)
    files = [signed(renderer("base.css").render(PAGE.format(number)).pdf) for number in range(3)]
    signing._read_in_full.cache_clear()
    assert [signing.reread(one) for one in files] == [signing.read(one) for one in files]
    for harmed in HARMED:
        with pytest.raises(SignatureRefused, match="vừa tạo không đúng"):
            signing.reread(harmed(files[0], files[1]))
    signing._read_in_full.cache_clear()
    with pytest.raises(SignatureRefused, match=r"đã bị sửa|hỏng"):  # and in full the first of a process
        signing.reread(HARMED[0](files[0], files[1]))


HARMED = (
    lambda one, other: one[:3000] + bytes([one[3000] ^ 1]) + one[3001:],
    lambda one, other: one + b"\n",
    lambda one, other: one[: one.rindex(b"/Contents <")] + other[other.rindex(b"/Contents <") :],
    lambda one, other: one[: one.rindex(b"/ByteRange")],
)


def test_a_signature_of_another_key_is_not_what_was_just_made(
    pdf: bytes, key: Path, authority: Authority, settings: LazySettings, tmp_path: Path
) -> None:
    files = [signed(pdf) for _ in range(2)]
    assert signing.reread(files[0]) == signing.read(files[0])
    folder = tmp_path / "other"
    folder.mkdir()
    file, secret = authority.key_file(folder, key=rsa.generate_private_key(65537, 2048))
    settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_PASSPHRASE_FILE = str(file), str(secret)
    assert signing.reread(signed(pdf)).is_trusted
    with pytest.raises(SignatureRefused, match="vừa tạo không đúng"):
        signing.reread(files[1])


def test_a_second_file_is_signed_as_well_as_the_first(pdf: bytes, key: Path, tmp_path: Path) -> None:
    other = renderer("base.css").render(PAGE.format(2)).pdf
    first, second = signed(pdf), signed(other)
    assert (signing.read(second).is_trusted, second.startswith(other)) == (True, True)
    assert "Signature is Valid" in pdfsig(second, tmp_path)
    mixed = other + first[len(pdf) :]
    with pytest.raises(SignatureRefused):
        signing.read(mixed)


def test_what_was_changed_after_signing_is_refused(pdf: bytes, key: Path) -> None:
    made = signed(pdf)
    place = made.index(b"/Reason")
    changed = made[: place + 20] + bytes([made[place + 20] ^ 1]) + made[place + 21 :]
    with pytest.raises(SignatureRefused, match=r"đã bị sửa sau khi ký|hỏng"):
        signing.read(changed)
    with pytest.raises(SignatureRefused, match=r"thêm vào tệp ngoài chữ ký|hỏng"):
        signing.read(made + b"\n% one more line\n")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"%PDF-1.7\nnot much", "hỏng"), (b"", "hỏng"), (b"%PDF-1.7\n" + b"0 " * 500, "hỏng")],
)
def test_what_is_no_pdf_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(SignatureRefused, match=sentence):
        signing.read(data)


def test_an_unsigned_file_is_refused(pdf: bytes) -> None:
    with pytest.raises(SignatureRefused, match="chưa có chữ ký số"):
        signing.read(pdf)


# ── Keys that cannot sign ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        ({"days": (-10, -1)}, "đã hết hạn"),
        ({"days": (5, 10)}, "chưa có hiệu lực"),
        ({"signs": False}, "không cho phép ký"),
        ({"mode": 0o644}, "quyền 0644: người khác đọc được"),
        ({"key": rsa.generate_private_key(65537, 1024)}, "2048 bit"),  # noqa: S505 - too short on purpose
    ],
)
def test_a_key_that_cannot_sign_says_why(
    pdf: bytes,
    authority: Authority,
    settings: LazySettings,
    tmp_path: Path,
    made: dict[str, object],
    sentence: str,
) -> None:
    file, secret = authority.key_file(tmp_path, **made)  # type: ignore[arg-type]  # each case gives one of them
    settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_PASSPHRASE_FILE = str(file), str(secret)
    with pytest.raises(KeyRefused, match=sentence):
        signed(pdf)


def test_a_wrong_passphrase_and_a_missing_key_are_told_without_their_secret(
    pdf: bytes, key: Path, settings: LazySettings, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("sai mật khẩu")
    wrong.chmod(0o600)
    settings.SIGNING_KEY_PASSPHRASE_FILE = str(wrong)
    with pytest.raises(KeyRefused, match="mật khẩu trong SIGNING_KEY_PASSPHRASE_FILE sai") as refused:
        signed(pdf)
    assert "sai mật khẩu" not in str(refused.value)
    settings.SIGNING_KEY_FILE = str(tmp_path / "none")
    with pytest.raises(KeyRefused, match="Không đọc được tệp mà SIGNING_KEY_FILE"):
        signed(pdf)
    settings.SIGNING_KEY_FILE = ""
    with pytest.raises(KeyRefused, match="Chưa có khóa ký"):
        signed(pdf)


def test_a_key_of_another_account_is_told_with_its_mend(
    pdf: bytes, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mode 0600 and owned by root, while the workers run as somebody else."""
    signing_keys._file.cache_clear()

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(KeyRefused, match=r"SIGNING_KEY_FILE chỉ tới\. Giao tệp cho tài khoản"):
        signed(pdf)


def test_the_command_speaks_english_like_the_others(settings: LazySettings) -> None:
    settings.SIGNING_KEY_FILE = ""
    with pytest.raises(CommandError, match="There is no signing key"):
        call_command("signing_key")


def test_the_command_tells_whose_key_it_is_and_tries_it(
    key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("signing_key")
    told = capsys.readouterr().out
    assert OWNER in told
    assert "A trial signature is valid." in told
    assert PASSPHRASE not in told
