"""What came behind a file that was given out to be signed: signatures, or something else too."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from documents import altering, signing
from documents.errors import SignatureRefused
from documents.pdf import renderer
from tests.documents import forging
from tests.documents.test_signing import PAGE, _opened_anew, authority, key  # noqa: F401  (fixtures)

Way = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return renderer("base.css", variant="pdf/a-3u").render(PAGE.format(1)).pdf


@pytest.mark.parametrize("way", [forging.signed, *forging.WAYS.values()], ids=("own", *forging.WAYS))
def test_what_was_only_signed_shows_what_was_given_out(pdf: bytes, key: Path, way: Way) -> None:  # noqa: F811 - the fixture
    assert signing.read(way(pdf), base=len(pdf)).is_trusted


@pytest.mark.parametrize("change", forging.CHANGES, ids=lambda one: one.__name__)
def test_a_change_signed_with_it_is_refused(pdf: bytes, key: Path, change: Way) -> None:  # noqa: F811 - the fixture
    refused(pdf, forging.by_other_tools(pdf, change))


@pytest.mark.parametrize("forged", [lambda pdf: forging.signed(forging.painted(pdf)), forging.rewritten])
def test_a_change_before_the_signature_is_refused(pdf: bytes, key: Path, forged: Way) -> None:  # noqa: F811 - the fixture
    refused(pdf, forged(pdf))


def refused(pdf: bytes, made: bytes) -> None:
    assert made.startswith(pdf)
    assert signing.read(made).is_trusted  # the signature by itself is whole
    assert not altering.only_signed(*(PdfFileReader(BytesIO(one)) for one in (pdf, made)))
    with pytest.raises(SignatureRefused, match="thêm vào tệp ngoài chữ ký số"):
        signing.read(made, base=len(pdf))
