import random
import re
from collections.abc import Callable
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendees import codes

short_codes = st.builds(codes.new_code)
characters = st.sampled_from(codes.ALPHABET)


def refused(code: str) -> bool:
    try:
        codes.normalise_code(code)
    except ValueError:
        return True
    return False


def test_the_alphabet_has_thirty_two_characters_that_nobody_confuses() -> None:
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET) == 32
    assert not set("ILOU") & set(codes.ALPHABET)
    assert codes.ALPHABET.isupper()


@pytest.mark.parametrize(
    ("new", "length"), [(codes.new_code, 8), (codes.new_token, 16), (codes.new_certificate_code, 16)]
)
def test_new_codes_are_of_the_alphabet_and_differ(new: Callable[[], str], length: int) -> None:
    made = [new() for _ in range(2000)]
    assert {len(code) for code in made} == {length}
    assert set("".join(made)) == set(codes.ALPHABET)
    assert len(set(made)) == len(made)
    assert len({code[0] for code in made}) == len({code[-1] for code in made}) == 32


def test_a_seeded_generator_draws_the_same_codes_again() -> None:
    first, again, other = (codes.new_code(random.Random(seed).choice) for seed in (6, 6, 7))
    assert first == again == codes.normalise_code(first)
    assert first != other


def test_a_known_code_keeps_its_check_character() -> None:
    """Badges that are printed must stay readable, whatever becomes of the scheme."""
    assert codes.normalise_code("7K3M-9QFE") == "7K3M9QFE"
    assert [last for last in codes.ALPHABET if not refused(f"7K3M9QF{last}")] == ["E"]


@given(short_codes)
def test_every_single_wrong_character_is_caught(code: str) -> None:
    wrong = [
        code[:place] + char + code[place + 1 :]
        for place in range(len(code))
        for char in codes.ALPHABET
        if char != code[place]
    ]
    assert len(wrong) == 8 * 31
    assert all(map(refused, wrong))


@given(short_codes)
def test_any_two_characters_that_changed_places_are_caught(code: str) -> None:
    for one, other in combinations(range(len(code)), 2):
        swapped = list(code)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        assert refused("".join(swapped)) == (code[one] != code[other])


@given(st.text(characters, min_size=7, max_size=7))
def test_every_seven_characters_have_exactly_one_check_character(body: str) -> None:
    assert sum(not refused(body + last) for last in codes.ALPHABET) == 1


@given(short_codes)
def test_a_typed_code_is_read_whatever_people_do_to_it(code: str) -> None:
    shown = codes.group(code)
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", shown)
    misread = shown.replace("0", "O").replace("1", "I")
    for typed in (
        code,
        shown,
        shown.lower(),
        f" {shown.replace('-', ' – ')}\n",
        misread,
        misread.replace("I", "l"),
    ):
        assert codes.normalise_code(typed) == code


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Mã thẻ có 8 ký tự. Nhập lại như in trên thẻ, ví dụ 7K3M-9QFE."),
        ("7K3M-9QF", "Mã thẻ có 8 ký tự. Nhập lại như in trên thẻ, ví dụ 7K3M-9QFE."),
        ("7K3M-9QFEE", "Mã thẻ có 8 ký tự. Nhập lại như in trên thẻ, ví dụ 7K3M-9QFE."),
        ("7K3M-9QFU", "Mã thẻ chỉ gồm chữ số và chữ cái không dấu. Nhập lại như in trên thẻ."),
        ("7K3M-9QFÊ", "Mã thẻ chỉ gồm chữ số và chữ cái không dấu. Nhập lại như in trên thẻ."),
        ("7K3M-9QEF", "Mã thẻ có ký tự sai hoặc hai ký tự đổi chỗ. Nhập lại như in trên thẻ."),
    ],
)
def test_a_wrong_code_is_refused_with_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        codes.normalise_code(typed)


@given(st.text())
def test_any_text_is_a_code_or_refused(typed: str) -> None:
    assert refused(typed) or len(codes.normalise_code(typed)) == 8


def test_a_certificate_code_is_grouped_in_fours_and_read_back() -> None:
    code = codes.new_certificate_code()
    shown = codes.group(code)
    assert re.fullmatch(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", shown)
    assert codes.normalise_certificate_code(f" {shown.lower()} ") == code
    assert codes.normalise_certificate_code(shown.replace("0", "o").replace("1", "l")) == code


@pytest.mark.parametrize(
    "typed", ["", "ABCD-EFGH", "ABCD-EFGH-JKMN-PQRSX", "ABCD-EFGH-JKMN-PQRU", "<script>"]
)
def test_what_is_no_certificate_code_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(
        ValueError, match=r"^Mã kiểm tra có 16 ký tự\. Nhập lại như in trên giấy chứng nhận\.$"
    ):
        codes.normalise_certificate_code(typed)
