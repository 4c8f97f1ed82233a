"""Files for browsers, as they are collected."""

from pathlib import Path

from conference.static_files import Collected


def test_what_pages_name_is_compressed_and_the_plain_copy_is_not(tmp_path: Path) -> None:
    (tmp_path / "page.css").write_text("p { color: red }\n" * 100)
    storage = Collected(location=tmp_path, base_url="/static/")
    list(storage.post_process({"page.css": (storage, "page.css")}))
    named = storage.hashed_files["page.css"]
    assert named != "page.css"
    kept = sorted(path.name for path in tmp_path.glob("*.css*"))
    assert kept == sorted(["page.css", named, f"{named}.br", f"{named}.gz"])
