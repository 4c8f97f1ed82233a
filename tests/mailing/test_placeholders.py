"""Places are filled from the list of the kind, once; nothing that people write is evaluated."""

import re

import pytest

from mailing import placeholders, wording
from mailing.errors import MailError
from mailing.wording import Text
from tests.mailing.conftest import INVITATION

ALLOWED = ("doan", "link")
HOSTILE = (
    "{x.__class__}", "{doan.__class__}", "{doan[0]}", "{0}", "{}", "{doan!r}", "{doan!r:>10}",
    "{doan:>1000000}", "{{doan}}", "{{7*7}}", "{% debug %}", "{{ settings.SECRET_KEY }}",
    "{{event.__init__.__code__.co_filename}}", "{doan", "doan}", "{ doan }", "{DOAN}", "{đoàn}", "{doan\n}",
    "{link}{", "}{", "{{{{{{", "${7*7}}", "#{7*7}",
    "{la}", "{__init__}", "{doan|safe}", "{doan()}", "{\u202edoan}", "{do\u200ban}", "{doan }", "{'doan'}",
    "{" * 5_000, "{a" * 5_000, "{" + "a" * 15_000 + "}",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
def test_whatever_looks_like_a_place_and_is_none_is_named(text: str) -> None:
    with pytest.raises(MailError, match="Không có chỗ điền") as refused:
        placeholders.check(f"Kính gửi {text}", ALLOWED)
    assert str(refused.value).endswith("Dùng một trong: {doan}, {link}.")
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
def test_in_a_value_the_same_stays_text(text: str) -> None:
    assert placeholders.fill("Gửi {doan}: {link}", {"doan": text, "link": "L"}) == f"Gửi {text}: L"


def test_what_is_put_in_is_not_read_again() -> None:
    assert placeholders.fill("{doan}", {"doan": "{link}", "link": "bí mật"}) == "{link}"


def test_the_sentence_names_the_place() -> None:
    with pytest.raises(MailError) as refused:
        placeholders.check("Gửi {doan} và {tinh}", ALLOWED)
    assert str(refused.value) == "Không có chỗ điền {tinh}. Dùng một trong: {doan}, {link}."


def test_known_places_and_other_signs_pass() -> None:
    text = "Gửi {doan}: 50% < 60 & \"x\" 'y' $5 [link] (a) #1 \\ / — {link}"
    placeholders.check(text, ALLOWED)
    assert placeholders.names_in(text) == ["doan", "link"]


def test_a_megabyte_is_refused_as_a_text_and_taken_as_a_value() -> None:
    for text in ("x" * 1_000_000, "{" * 1_000_000, "{doan}" * 200_000, "{a" * 500_000):
        with pytest.raises(MailError, match="Dài quá 20000 ký tự"):
            placeholders.check(text, ALLOWED)
        assert placeholders.fill("{doan}", {"doan": text}) == text
        placeholders.no_link(text)
        placeholders.clean(text)


# ── Signs that nobody sees ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Nguyễn\u202eAn", "NguyễnAn"),  # right to left from here
        ("a\u2066b\u2069\u200f\u200bc\ufeff", "abc"),
        ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne"),
        ("a\x00b\x1b[31m\x7f", "ab[31m"),
        ("dòng  một   \n  dòng hai\t.", "dòng  một\n  dòng hai    ."),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("\ud800a", "a"),
    ],
)
def test_control_and_direction_signs_are_taken_out(text: str, kept: str) -> None:
    assert placeholders.clean(text) == kept


# ── Links ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("http://evil.example/a?b=c.d", "http: //evil. example/a?b=c.d"),
        ("www.evil.com", "www. evil. com"),
        ("bam vao evil.vn nhe", "bam vao evil. vn nhe"),
        ("an@evil.com", "an@evil. com"),
        ("evil.xn--p1ai", "evil. xn--p1ai"),
        ("evil．com, evil。com", "evil． com, evil。 com"),
        ("ftp://1.2.3.4/x", "ftp: //1.2.3.4/x"),
        ("Ông Nguyễn Văn An, TP.HCM", "Ông Nguyễn Văn An, TP. HCM"),
        ("Hạn 17:00, 31.5.2024; 1.234 người", "Hạn 17:00, 31.5.2024; 1.234 người"),
        ("TS. Lê Mẫu. Sở TTTT.", "TS. Lê Mẫu. Sở TTTT."),
    ],
)
def test_what_people_wrote_becomes_no_link(value: str, shown: str) -> None:
    assert placeholders.no_link(value) == shown


def test_the_houses_own_address_and_the_secret_link_stay_links() -> None:
    text = Text("{doan}", "{doan} {thu_lien_he} {link}")
    values = {"doan": "evil.com", "thu_lien_he": "btc@hoinghi.example"}
    filled = wording.fill(INVITATION, text, values, {"link": "https://hoinghi.example/l/x"})
    assert filled.body == "evil. com btc@hoinghi.example https://hoinghi.example/l/x"
    assert filled.subject == "evil. com"


# ── A whole template ──────────────────────────────────────────────────────────────────────────────


def test_a_secret_does_not_stand_in_the_subject() -> None:
    with pytest.raises(MailError, match=r"Không có chỗ điền \{link\}"):
        wording.check(INVITATION, Text("Trả lời tại {link}", "Kính gửi {doan}"))


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        (" \u202e ", "x", "Nhập tiêu đề"),
        ("x", " \n\t", "Nhập nội dung"),
        ("x" * 201, "x", "Dài quá 200 ký tự"),
        ("x", "x" * 20_001, "Dài quá 20000 ký tự"),
        ("{{7*7}}", "x", "Không có chỗ điền {{7*7}}"),
        ("x", "{% debug %}", "Không có chỗ điền {% debug %}"),
    ],
)
def test_a_wrong_template_is_refused_with_a_sentence(subject: str, body: str, said: str) -> None:
    with pytest.raises(MailError, match=re.escape(said)):
        wording.check(INVITATION, Text(subject, body))


def test_a_subject_is_one_line_whatever_stands_in_its_places() -> None:
    text = wording.check(INVITATION, Text("Mời\r\nBcc: evil@x.vn {doan}", "x"))
    filled = wording.fill(INVITATION, text, {"doan": "tỉnh\r\nBcc: evil@x.vn\n\nchào"}, {})
    assert filled.subject == "Mời Bcc: evil@x.vn tỉnh Bcc: evil@x. vn chào"
