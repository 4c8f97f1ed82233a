"""Files signed as agencies sign them, and files that were changed before they were signed."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import pikepdf
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    StreamObject,
    pdf_name,
    pdf_string,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from documents import signing, signing_keys

Writer = IncrementalPdfFileWriter
WHITE = b"1 1 1 rg 100 200 400 200 re f"


def signed(pdf: bytes) -> bytes:
    return signing.sign(pdf, reason="Cấp giấy chứng nhận", location="Hà Nội")


# ── As other tools do it ──────────────────────────────────────────────────────────────────────────


def by_other_tools(pdf: bytes, change: Callable[[Writer], None] | None = None, **about: Any) -> bytes:
    """Signed plainly, with a change in the same addition."""
    writer = Writer(BytesIO(pdf))
    if change is not None:
        change(writer)
    about.setdefault("field_name", "A")
    signer = PdfSigner(PdfSignatureMetadata(**about), signer=signing_keys.key().signer)
    return signer.sign_pdf(writer).getvalue()


def seen_on_the_page(pdf: bytes, **about: Any) -> bytes:
    """With a place on the page, perhaps by one who certifies."""
    field = SigFieldSpec("Signature1", box=(300, 60, 500, 140))
    meta = PdfSignatureMetadata(field_name="Signature1", **about)
    signer = PdfSigner(meta, signer=signing_keys.key().signer, new_field_spec=field)
    return signer.sign_pdf(Writer(BytesIO(pdf))).getvalue()


def of_two(pdf: bytes) -> bytes:
    """A person signs, then the agency."""
    return signed(seen_on_the_page(pdf))


def tells_its_tool(writer: Writer) -> None:
    info = writer.trailer["/Info"]
    info["/Producer"] = pdf_string("VGCA Sign Tool")
    writer.update_container(info)


WAYS = {
    "plainly": by_other_tools,
    "seen": seen_on_the_page,
    "certifying": partial(seen_on_the_page, certify=True),
    "two": of_two,
    "producer": partial(by_other_tools, change=tells_its_tool),
}

# ── Forged ────────────────────────────────────────────────────────────────────────────────────────


def paint(writer: Writer) -> None:
    """A white field over the page."""
    writer.add_stream_to_page(0, writer.add_object(StreamObject(stream_data=WHITE)))


def redraw(writer: Writer) -> None:
    """The page's own stream under its number, with another content."""
    page = writer.root["/Pages"]["/Kids"][0]
    number = page.raw_get("/Contents").reference
    writer.objects[(number.generation, number.idnum)] = StreamObject(stream_data=WHITE)


def note(writer: Writer) -> None:
    """A text that lies over the page without being part of it."""
    box = ArrayObject(map(FloatObject, (100, 200, 400, 200)))
    said = {"/Type": pdf_name("/Annot"), "/Subtype": pdf_name("/FreeText"), "/Rect": box}
    over = DictionaryObject({pdf_name(key): value for key, value in said.items()})
    over[pdf_name("/Contents")] = pdf_string("Người khác")
    page = writer.root["/Pages"]["/Kids"][0]
    page[pdf_name("/Annots")] = ArrayObject([writer.add_object(over)])
    writer.update_container(page)


def other_pages(writer: Writer) -> None:
    """A catalog that leads to other pages."""
    pages = DictionaryObject(writer.root["/Pages"])
    writer.root[pdf_name("/Pages")] = writer.add_object(pages)
    writer.update_root()


def opens_something(writer: Writer) -> None:
    """Something that is done as the file is opened."""
    act = {NameObject("/S"): pdf_name("/Named"), NameObject("/N"): pdf_name("/NextPage")}
    writer.root[pdf_name("/OpenAction")] = DictionaryObject(act)
    writer.update_root()


def leads_elsewhere(writer: Writer) -> None:
    """A place for a signature that is a link when it is pressed."""
    place = DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Widget"),
        pdf_name("/FT"): pdf_name("/Sig"), pdf_name("/T"): pdf_string("B"),
        pdf_name("/Rect"): ArrayObject(map(FloatObject, (100, 200, 140, 240))),
        pdf_name("/A"): DictionaryObject({
            pdf_name("/S"): pdf_name("/URI"), pdf_name("/URI"): pdf_string("https://example.org/"),
        }),
    })  # fmt: skip
    page = writer.root["/Pages"]["/Kids"][0]
    page[pdf_name("/Annots")] = ArrayObject([writer.add_object(place)])
    writer.update_container(page)


def painted(pdf: bytes) -> bytes:
    """The white field as an addition of its own, not signed."""
    writer, changed = Writer(BytesIO(pdf)), BytesIO()
    paint(writer)
    writer.write(changed)
    return changed.getvalue()


def rewritten(pdf: bytes) -> bytes:
    """Begins with the file, and passes over it: an empty page behind it is the whole document."""
    other = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        del opened.pages[0].Contents
        opened.save(other, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    by = len(pdf)
    moved = re.sub(
        rb"(\d{10}) (\d{5}) n", lambda at: b"%010d %b n" % (int(at[1]) + by, at[2]), other.getvalue()
    )
    moved = re.sub(rb"(?<=startxref\n)\d+", lambda at: b"%d" % (int(at[0]) + by), moved)
    return signed(pdf + moved)


CHANGES = (paint, redraw, note, other_pages, opens_something, leads_elsewhere)
