"""Whatever is done to a file, the reader answers or says one sentence, within its limits."""

import datetime
import json
import re
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendees.workbooks import Unreadable
from attendees.workbooks.births import Order, read_birth
from attendees.workbooks.contacts import read_mail, read_phone
from attendees.workbooks.headings import field_of, field_under
from attendees.workbooks.names import read_name
from attendees.workbooks.offices import body_of_group, split_position
from attendees.workbooks.reading import read_file
from attendees.workbooks.running import ROOT
from attendees.workbooks.shapes import FIELDS
from tests.attendees.workbooks.builders import TODAY
from tests.attendees.workbooks.mutations import bases, mutated

COUNT, SEED = 300, 7


@pytest.mark.slow
def test_hundreds_of_mutated_files_are_read_or_refused() -> None:
    """`python -m bench mutations` does the same with ten thousand."""
    arguments = [
        sys.executable,
        "-m",
        "bench",
        "mutations",
        f"--count={COUNT}",
        f"--seed={SEED}",
        "--workers=2",
    ]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["crash"] == 0, done.stdout
    assert figures["read"] + figures["unreadable"] + figures["limit"] == COUNT
    assert figures["limit"] < COUNT / 20, "few files come to the limits: they are for the worst"
    assert min(figures["read"], figures["unreadable"]) > COUNT / 5, (
        "the mutations are neither too mild nor too wild"
    )
    assert figures["cpu"] <= 30
    assert figures["peak"] <= 600


def test_the_same_seed_gives_the_same_file() -> None:
    assert [mutated(seed)[0] for seed in range(40)] == [mutated(seed)[0] for seed in range(40)]
    texts = [seed for seed in range(200) if mutated(seed)[0].startswith(("bytes", "cut"))]
    assert all(mutated(seed) == mutated(seed) for seed in texts)
    assert len({data for _what, data in map(mutated, texts)}) == len(texts)


@pytest.mark.parametrize("seed", [1_000_388, 1_005_636])
def test_a_panic_of_the_parser_is_a_broken_file(seed: int) -> None:
    """Found by the bench: old workbooks cut where the parser did not expect it."""
    what, data = mutated(seed)
    assert what.endswith(".xls")
    with pytest.raises(Unreadable, match="bị hỏng"):
        read_file(data, None, {}, TODAY)


def test_a_crash_would_be_seen() -> None:
    """The control: a reader that fails for one of the good files is told, with its seed."""
    program = (
        "from attendees.workbooks import child\nfrom bench import mutations\n"
        "def fail(question, data): raise KeyError('x')\n"
        "child.ACTS['read'] = fail\n"
        "print([mutations.run(seed).end for seed in range(3)])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['crash', 'crash', 'crash']"
    assert len(bases()) == 12


# Single cells

CELLS = st.text() | st.text(st.sampled_from("0123456789/.-E+ ,;()ÔôBbàạ'\n"), max_size=30)
VALUES = CELLS | st.integers() | st.floats() | st.booleans() | st.dates() | st.times()


def is_clean(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text) and not any(
        unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in text
    )


@given(CELLS)
def test_any_text_is_a_name_or_told(text: str) -> None:
    name = read_name(text)
    assert all(map(is_clean, (name.full_name, name.rank, name.note, name.position)))
    assert name.full_name or [code for _level, code, *_rest in name.told if code == "missing_name"]


@given(VALUES)
def test_any_value_is_a_phone_or_none(value: object) -> None:
    found = read_phone(value)  # type: ignore[arg-type] # any value of a cell
    assert found.text == "" or re.fullmatch(r"\+[1-9]\d{7,14}", found.text)


@given(VALUES)
def test_any_value_is_an_address_or_none(value: object) -> None:
    found = read_mail(value)  # type: ignore[arg-type] # any value of a cell
    assert found.text == "" or ("@" in found.text and found.text.isascii())


@given(VALUES, st.lists(VALUES, max_size=3))
def test_any_value_is_a_birth_or_told(value: object, column: list[object]) -> None:
    birth = read_birth(value, Order.of(column), TODAY)  # type: ignore[arg-type] # any value of a cell
    if birth.year:
        assert 1900 <= birth.year <= TODAY.year - 15
        assert birth.date is None or birth.date.year == birth.year
    else:
        assert birth.level == "error"
    assert isinstance(birth.date, datetime.date | None)


@given(CELLS, CELLS)
def test_any_text_is_a_heading_or_none(group: str, heading: str) -> None:
    for found in (field_of(heading), field_under(group, heading)):
        assert found is None or found[0] in FIELDS
    parts = split_position(heading)
    assert parts is None or all(map(is_clean, parts))
    assert isinstance(body_of_group(group), str)
