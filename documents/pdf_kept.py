"""What was worked out of a look once, kept in DATA_DIR for every process of this machine.

Whether a template may be stamped, its face, art that was drawn: half of what a process spends on its first
hundred papers. All of it can be worked out again, so a file that is broken or cannot be written costs time
alone.
"""

import hashlib
import json
import logging
import os
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from weasyprint.text.ffi import pango

from documents import typefaces

_ENGINES = (
    "weasyprint", "pydyf", "tinyhtml5", "tinycss2", "cssselect2", "pyphen", "fonttools", "pillow",
    "pypdfium2",
)  # fmt: skip
_OLD = 90 * 86_400  # seconds after which a look is likely to be used no more
_log = logging.getLogger(__name__)


def name_of(what: str, *parts: str | bytes) -> str:
    """The name under which something is kept: `what` it is, and a hash of all that could make it otherwise.

    The code of this room, the engines and the fonts are among that by themselves.
    """
    told = [_MAKERS, *(part.encode() if isinstance(part, str) else part for part in parts)]
    return f"{what}-{hashlib.sha256(b''.join(b'%d:%b' % (len(one), one) for one in told)).hexdigest()[:24]}"


def known(name: str) -> Any:
    """What `keep` was given under this name, on this machine; None if that is not known any more."""
    path = _path(name)
    try:
        return json.loads(path.read_bytes()) if path.is_file() else None
    except (OSError, ValueError):
        _log.warning("%s cannot be read; it is worked out anew", path, exc_info=True)
        return None


def keep(name: str, found: Any) -> None:
    """Keep something that JSON can say."""
    path = _path(name)
    partial = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps(found))
        partial.replace(path)
        _forget_old(path.parent)
    except OSError:
        _log.warning("%s cannot be written; the next process works it out anew", path, exc_info=True)


def _path(name: str) -> Path:
    return Path(settings.DATA_DIR) / "stamping" / f"{name}.json"


def _forget_old(folder: Path) -> None:
    """What was worked out long ago, and what a killed process left; who needs it works it out anew."""
    for path in folder.iterdir():
        if time.time() - path.stat().st_mtime > _OLD:
            path.unlink(missing_ok=True)


def _makers() -> bytes:
    """A hash of what makes papers, whatever their look."""
    files = [*sorted(Path(__file__).parent.glob("*.py")), *(face.path for face in typefaces.ALL)]
    versions = [pango.pango_version(), *map(version, _ENGINES)]
    parts = [*(str(one).encode() for one in versions), *(file.read_bytes() for file in files)]
    return hashlib.sha256(b"\0".join(parts)).digest()


# As this process was loaded: files that an upgrade has put there since are not what it works with.
_MAKERS = _makers()
