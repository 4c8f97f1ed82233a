"""How files for browsers are collected."""

from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Collected(CompressedManifestStaticFilesStorage):
    """Modules import each other by the hash of their content too: a mixture of two versions cannot load."""

    support_js_module_import_aggregation = True

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Under the names that pages use: the copies under plain names took as long again, for nobody."""
        yield from super().compress_files(set(paths) & set(self.hashed_files.values()))
