"""Where papers lie among the stored files: finished ones, and the pieces of those that are being made."""

from contextlib import suppress

from conference.storing import copy as copy
from conference.storing import exists as exists
from conference.storing import forget_folder as forget_folder
from conference.storing import forget_leftovers as forget_leftovers
from conference.storing import fresh as fresh
from conference.storing import keep as keep
from conference.storing import keep_bytes as keep_bytes
from conference.storing import opened as opened
from conference.storing import path as path
from conference.storing import read as read
from conference.storing import store as store
from conference.storing import together as together

FINISHED, PIECES = "documents", "pieces"


def pieces_of(document: int) -> str:
    """The folder of a document's pieces."""
    return f"{PIECES}/{document}"


def forget_pieces(document: int) -> None:
    """Remove the pieces of a document that is ready."""
    forget_folder(pieces_of(document))


def documents_with_pieces() -> set[int]:
    """Documents of which pieces are kept."""
    with suppress(FileNotFoundError):
        folders, _files = store().listdir(PIECES)
        return {int(name) for name in folders if name.isdigit()}
    return set()
