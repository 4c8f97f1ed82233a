"""How files for browsers are collected."""

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.contrib.staticfiles.management.commands.collectstatic import Command as CollectStatic
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

MANIFEST = CompressedManifestStaticFilesStorage.manifest_name
COMPRESSED = ("", ".br", ".gz")


class Collected(CompressedManifestStaticFilesStorage):
    """Modules import each other by the hash of their content too: a mixture of two versions cannot load."""

    support_js_module_import_aggregation = True

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Under the names that pages use: the copies under plain names took as long again, for nobody."""
        yield from super().compress_files(set(paths) & set(self.hashed_files.values()))


def collect(root: Path) -> None:
    """Bring the folder up to the code, and leave it as it is where that fails.

    What the version before names stays until the next: its web may still be at work, and pages of it open.
    """
    part = root / ".part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    command = CollectStatic()
    command.storage = Collected(location=part)
    try:
        call_command(command, interactive=False, verbosity=0)
        wanted = set(_files(part)) | _named(root)
        for name in sorted(_files(part), key=MANIFEST.__eq__):  # the manifest last
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (part / name).replace(root / name)
    finally:
        shutil.rmtree(part)
    for name in set(_files(root)) - wanted:
        (root / name).unlink()


def _files(folder: Path) -> Iterator[str]:
    return (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def _named(root: Path) -> set[str]:
    """What pages of the version that lies here ask for."""
    try:
        paths = json.loads((root / MANIFEST).read_text())["paths"].values()
    except (OSError, ValueError, KeyError, AttributeError):
        return set()
    return {f"{name}{end}" for name in paths for end in COMPRESSED}
