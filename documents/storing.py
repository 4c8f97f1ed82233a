"""Where papers lie below MEDIA_ROOT: finished ones, and the pieces of those that are being made."""

import shutil

from conference.storing import forget_leftovers as forget_leftovers
from conference.storing import fresh as fresh
from conference.storing import keep as keep
from conference.storing import keep_bytes as keep_bytes
from conference.storing import path as path

FINISHED, PIECES = "documents", "pieces"


def pieces_of(document: int) -> str:
    """The folder of a document's pieces."""
    return f"{PIECES}/{document}"


def forget_pieces(document: int) -> None:
    """Remove the pieces of a document that is ready."""
    shutil.rmtree(path(pieces_of(document)), ignore_errors=True)


def documents_with_pieces() -> set[int]:
    """Documents of which pieces lie on the disk."""
    return {int(folder.name) for folder in path(PIECES).glob("*") if folder.name.isdigit()}
