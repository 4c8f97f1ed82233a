"""The process that opens a stranger's PDF or picture. It limits itself before it reads a byte of it.

Argument: "portrait" where the photo of a person is wanted, "door" where a small one is, cut to 3:4; "logo"
and "background" where a paper is to show it. Input: the file. Output: a line with the verdict (a type, or why
not), then the file as it may be kept.
Pictures are decoded and written anew, so that nothing but the picture remains. PDFs are only looked through:
they stay byte for byte, because a digital signature would not survive a change.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import Any

from attendees.workbooks.child import limit, where

MOST_PIXELS, MOST_AT_DOOR = 25_000_000, 40_000_000
DOOR = (240, 320)  # points
PORTRAIT_SIDE, SMALLEST_SIDE = 960, 200  # points
LONGEST_SIDE = 10_000  # points of what is printed; a longer picture is a mistake, however narrow
# What is printed: the longest side that is kept (300 dpi on a badge, 200 on A4), the smallest that is taken.
PRINTED = {"logo": (900, 64), "background": (2400, 600)}
LONGEST_END = 2048  # bytes within which a PDF says that it ends
MOST_OBJECTS = 200_000  # of a PDF; a scan has hundreds
PICTURES: dict[str, dict[str, Any]] = {"JPEG": {"quality": 90}, "PNG": {}, "WEBP": {"quality": 90}}
# What lets a PDF do something by itself: names of actions, kinds of objects, entries.
ACTIVE_NAMES = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie",
    "/Sound", "/RichMediaExecute", "/FileAttachment", "/RichMedia", "/Screen", "/3D", "/EmbeddedFile",
}  # fmt: skip
ACTIVE_ENTRIES = {"/JS", "/EF", "/XFA", "/EmbeddedFiles", "/JavaScript", "/RichMediaContent"}


def main() -> None:
    limit(may_write=False)
    data = sys.stdin.buffer.read()
    try:
        verdict, kept = look(data, "".join(sys.argv[1:]))
    except MemoryError:
        verdict, kept = "heavy", b""
    except BaseException as fault:
        sys.stderr.write(where(fault))
        sys.exit(1)
    sys.stdout.buffer.write(verdict.encode() + b"\n" + kept)
    sys.stdout.buffer.flush()


def look(data: bytes, wanted: str = "") -> tuple[str, bytes]:
    """What the content says it is, whatever its name was."""
    if data.startswith(b"%PDF-") and not wanted:
        return _pdf(data)
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or data[:4] + data[8:12] == b"RIFFWEBP":
        return _picture(data, wanted)
    return ("no picture" if wanted else "type"), b""


# ── Pictures ──────────────────────────────────────────────────────────────────────────────────────


def _picture(data: bytes, wanted: str) -> tuple[str, bytes]:
    # Only now: the decoders are loaded under the limits.
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # the wall below stands before anything is decoded
    try:
        picture = Image.open(io.BytesIO(data), formats=list(PICTURES))
        if picture.width * picture.height > (MOST_AT_DOOR if wanted == "door" else MOST_PIXELS):
            return ("many pixels" if wanted == "door" else "pixels"), b""
        if wanted in PRINTED:
            return _printed(picture, wanted)
        if wanted and min(picture.size) < SMALLEST_SIDE:
            return "small", b""
        form, out = ("JPEG" if wanted else str(picture.format)), io.BytesIO()
        drawn = _cut(picture) if wanted == "door" else _drawn(picture)
        if wanted == "portrait":
            drawn.thumbnail((PORTRAIT_SIDE, PORTRAIT_SIDE))
        drawn.save(out, form, **PICTURES[form])
    except (OSError, SyntaxError, ValueError, ZeroDivisionError):  # what broken pictures raise
        return "broken", b""
    return form, out.getvalue()


def _printed(picture: Any, wanted: str) -> tuple[str, bytes]:
    """A logo as PNG, which keeps what is transparent; a background as JPEG, which costs a paper nothing."""
    from PIL import ImageOps  # the same

    if picture.mode.startswith("I"):  # sixteen bits of grey
        picture = picture.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    most, least = PRINTED[wanted]
    if max(picture.size) > LONGEST_SIDE:
        return "long side", b""
    if min(picture.size) < least:
        return f"small {wanted}", b""
    if picture.mode == "P":
        picture = picture.convert("RGBA")
    picture.thumbnail((most, most))
    out = io.BytesIO()
    if wanted == "background":
        _drawn(picture).save(out, "JPEG", quality=88)
        return "JPEG", out.getvalue()
    clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    upright = ImageOps.exif_transpose(picture).convert("RGBA" if clear else "RGB")
    upright.info = {}
    upright.save(out, "PNG")
    return "PNG", out.getvalue()


def _cut(picture: Any) -> Any:
    """The middle of the picture, upright, 3:4. Made smaller before anything else is done with it."""
    from PIL import ImageOps  # the same

    if picture.mode == "P":
        picture = picture.convert("RGBA")
    picture.thumbnail((PORTRAIT_SIDE, PORTRAIT_SIDE))
    return ImageOps.fit(_drawn(picture), DOOR)


def _drawn(picture: Any) -> Any:
    """The first picture of the file, upright, on white where it is transparent; nothing else of it."""
    from PIL import Image, ImageOps  # the same

    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        page = Image.new("RGBA", upright.size, "white")
        page.alpha_composite(upright.convert("RGBA"))
        upright = page
    plain = upright.convert("L" if upright.mode in ("1", "L") and picture.format != "WEBP" else "RGB")
    plain.info = {}
    return plain


# ── PDF ───────────────────────────────────────────────────────────────────────────────────────────


def _pdf(data: bytes) -> tuple[str, bytes]:
    import pikepdf  # the same

    if b"%%EOF" not in data[-LONGEST_END:]:
        return "broken", b""  # cut on its way: what is left may still open, with pages missing
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                return "locked", b""
            if not len(pdf.pages):
                return "pages", b""
            verdict = "active" if _acts(pdf) else "PDF"
            faults = " ".join(map(str, pdf.get_warnings()))
    except pikepdf.PasswordError:
        return "locked", b""
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return "broken", b""
    if "bad_alloc" in faults:
        return "heavy", b""
    if "error decoding" in faults:  # objects lie where nobody could look
        return "broken", b""
    return verdict, data if verdict == "PDF" else b""


def _acts(pdf: Any) -> bool:
    """Could the file do something by itself? More objects than a letter ever has count as that."""
    for count, one in enumerate(_dictionaries(pdf)):
        names = {str(one.get(key)) for key in ("/S", "/Subtype", "/Type")}
        if count > MOST_OBJECTS or names & ACTIVE_NAMES or ACTIVE_ENTRIES & set(one.keys()):
            return True
    return False


def _dictionaries(pdf: Any) -> Iterator[Any]:
    """Every dictionary, also those that stand inside others."""
    import pikepdf  # the same

    waiting: list[Any] = [pdf.trailer, *pdf.objects]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            yield one
            held = [value for _key, value in one.items()]
        else:
            held = list(one) if isinstance(one, pikepdf.Array) else []
        # What is indirect comes by itself.
        waiting += [each for each in held if isinstance(each, pikepdf.Object) and not each.is_indirect]


if __name__ == "__main__":
    main()
