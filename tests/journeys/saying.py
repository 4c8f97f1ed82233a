"""All that an answer says, whatever it is: headers, page, table, calendar, paper, archive."""

from __future__ import annotations

import io
import zipfile

from django.http import HttpResponse
from openpyxl import load_workbook

from tests.documents.reading import text


def said(response: HttpResponse) -> str:
    """Headers and content as words."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return "\n".join((*(f"{name}: {value}" for name, value in response.items()), words_of(body)))


def words_of(data: bytes) -> str:
    """The words of a file, and of every file in it."""
    if data.startswith(b"%PDF-1"):
        return text(data)
    if not data.startswith(b"PK\x03\x04"):
        return data.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        names = folder.namelist()
        if "[Content_Types].xml" not in names:
            return "\n".join(f"{name}\n{words_of(folder.read(name))}" for name in names)
    book = load_workbook(io.BytesIO(data))
    rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
    return "\n".join(" ".join(str(cell) for cell in row if cell is not None) for row in rows)
