"""Settings come from the environment, and a bad value stops the start with a sentence that names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from conference import env


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("yes", True), ("0", False), ("off", False), ("", False)]
)
def test_a_flag_is_on_or_off(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("DEMO", value)
    assert env.flag("DEMO") is expected


@pytest.mark.parametrize(
    ("read", "name", "value"),
    [
        (env.flag, "DEMO", "perhaps"),
        (lambda name: env.number(name, 8000), "PORT", "eighty"),
        (lambda name: env.site_url(name, ""), "SITE_URL", "hoinghi.example"),
        (lambda name: env.site_url(name, ""), "SITE_URL", "https://hoinghi.example/path"),
        (env.required, "SECRET_KEY", " "),
        (env.addresses, "JOURNAL_HEADS_TO", "giu-dau-chuoi@hoinghi.example, thanh tra"),
    ],
)
def test_a_bad_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, read: object, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name):
        read(name)


def test_a_list_is_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example, b.example,")
    assert env.words("ALLOWED_HOSTS", []) == ["a.example", "b.example"]


def test_a_relative_folder_counts_from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", "somewhere/else")
    assert env.folder("DATA_DIR", Path("/unused")) == env.BASE_DIR / "somewhere" / "else"


def test_without_an_address_of_a_mail_server_letters_go_to_the_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("EMAIL_URL", raising=False)
    settings = env.email("EMAIL_URL", tmp_path / "mail")
    assert settings["EMAIL_FILE_PATH"] == str(tmp_path / "mail"), "not below the working directory"
    assert settings["EMAIL_BACKEND"].endswith("filebased.EmailBackend")


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("EMAIL_URL", "mail.example"),
        ("EMAIL_URL", "smtp+tls://user:bi#mat@mail.example:587"),
        ("DATABASE_URL", "postgres://user:bi/mat@db.example/hoinghi"),
    ],
)
def test_a_broken_address_is_named_and_its_password_is_not(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str
) -> None:
    monkeypatch.setenv(name, url)
    reader = env.email if name == "EMAIL_URL" else env.database
    with pytest.raises(ImproperlyConfigured, match=f"^{name} must look like .* # %23") as told:
        reader(name, Path("/unused"))
    assert "mat" not in str(told.value)
    assert told.value.__suppress_context__, "the fault behind it shows part of the password"


def test_a_missing_secret_stops_the_start_in_one_line() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=env.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert run.stderr.strip() == "Set the environment variable SECRET_KEY."


def test_a_folder_of_our_own_is_made_or_its_fault_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "new" / "folder"))
    assert env.own_folder("DATA_DIR", Path("/unused")).is_dir()
    (tmp_path / "file").touch()
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file" / "folder"))
    with pytest.raises(ImproperlyConfigured, match="DATA_DIR"):
        env.own_folder("DATA_DIR", Path("/unused"))
