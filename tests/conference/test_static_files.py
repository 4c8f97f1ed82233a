"""Files for browsers, as they are collected."""

import json
from pathlib import Path

import pytest
from django.conf import LazySettings

from conference import static_files
from conference.management.commands import prepare
from conference.static_files import Collected


def test_what_pages_name_is_compressed_and_the_plain_copy_is_not(tmp_path: Path) -> None:
    (tmp_path / "page.css").write_text("p { color: red }\n" * 100)
    storage = Collected(location=tmp_path, base_url="/static/")
    list(storage.post_process({"page.css": (storage, "page.css")}))
    named = storage.hashed_files["page.css"]
    assert named != "page.css"
    kept = sorted(path.name for path in tmp_path.glob("*.css*"))
    assert kept == sorted(["page.css", named, f"{named}.br", f"{named}.gz"])


@pytest.fixture
def source(settings: LazySettings, tmp_path: Path) -> Path:
    """A folder with one file for browsers, and another that is collected into."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "page.css").write_text("p { color: red }\n")
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], tmp_path / "static"
    return source


def _page(root: Path) -> Path:
    return root / json.loads((root / "staticfiles.json").read_text())["paths"]["page.css"]


def test_pages_of_the_version_before_keep_their_files_until_the_next(
    settings: LazySettings, source: Path
) -> None:
    """`prepare` comes first, while the old web goes on."""
    root, pages = Path(settings.STATIC_ROOT), []
    for colour in ("red", "blue", "green"):
        (source / "page.css").write_text(f"p {{ color: {colour} }}\n")
        prepare.collect_static()
        pages.append(_page(root))
    assert [page.exists() for page in pages] == [False, True, True]
    assert (root / "page.css").read_text() == "p { color: green }\n"
    assert not (root / ".part").exists()


def test_what_cannot_be_collected_leaves_all_as_it_was_and_is_tried_again(
    settings: LazySettings, source: Path
) -> None:
    prepare.collect_static()
    before = sorted(Path(settings.STATIC_ROOT).iterdir())
    good = (source / "page.css").read_text()
    (source / "page.css").write_text("p { background: url(no-such.png) }\n")
    with pytest.raises(ValueError, match=r"no-such\.png"):
        prepare.collect_static()
    assert [path for path in before if not path.exists()] == []
    (source / "page.css").write_text(good)
    prepare.collect_static()
    assert sorted(Path(settings.STATIC_ROOT).iterdir()) == before


def test_files_that_are_gone_are_collected_again(settings: LazySettings, source: Path) -> None:
    """The stamp alone said that all was well, and every page was a 500."""
    prepare.collect_static()
    (Path(settings.STATIC_ROOT) / static_files.MANIFEST).unlink()
    prepare.collect_static()
    assert _page(Path(settings.STATIC_ROOT)).exists()
