"""What the documents point at is there."""

import ast
import re
from pathlib import Path

import pytest

from conference import appending

ROOT = Path(__file__).resolve().parent.parent
BOOKS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_every_test_that_a_document_names_is_there(book: Path) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", book.read_text())
    missing = [f"{file}::{name}" for file, name in named if name not in functions(ROOT / file)]
    assert missing == []


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_every_link_of_a_document_leads_to_a_file(book: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", book.read_text())
    assert [link for link in links if not (book.parent / link).exists()] == []


def test_the_document_on_security_names_tests() -> None:
    assert (ROOT / "docs" / "security.md").read_text().count("::test_") > 20


def test_operators_are_told_of_every_ledger_that_a_bucket_holds() -> None:
    """Rights and rules of a bucket are set by that sentence."""
    text = " ".join((ROOT / "docs" / "operations.md").read_text().split())
    [told] = re.findall(r"the ledgers ([^(]+) \(an object for each line", text)
    assert set(re.findall(r"`(\w+)`", told)) == {ledger.stem for ledger in appending.ledgers()}


def functions(file: Path) -> set[str]:
    """Names of the tests in a file."""
    tree = ast.parse(file.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
