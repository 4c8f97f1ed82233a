"""Settings come from the environment, and a bad value stops the start with a sentence that names it."""

import os
import subprocess
import sys
from collections.abc import Callable
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
        (lambda name: env.number(name, 0), "TRUSTED_PROXY_COUNT", "²"),
        (lambda name: env.port(name, 8000), "PORT", "0"),
        (lambda name: env.port(name, 8000), "PORT", "99999"),
        (lambda name: env.site_url(name, ""), "SITE_URL", "https://hoinghi.example/path"),
        (lambda name: env.site_url(name, ""), "SITE_URL", "https://hoinghi.example?path"),
        (lambda name: env.site_url(name, ""), "SITE_URL", "https://hoinghi.example:port"),
        (lambda name: env.site_url(name, ""), "SITE_URL", "https://hoi nghi.example"),
        (lambda name: env.site_url(name, ""), "SITE_URL", "https://[::1"),
        (lambda name: env.one_of(name, "INFO", "DEBUG"), "LOG_LEVEL", "LOUD"),
        (lambda name: env.sender(name, ""), "DEFAULT_FROM_EMAIL", "Ban Tổ chức"),
        (lambda name: env.sender(name, ""), "DEFAULT_FROM_EMAIL", "Ban Tổ chức <bantochuc"),
        (env.broker, "REDIS_URL", "redis"),
        (env.broker, "REDIS_URL", "http://redis:6379/0"),
        (env.broker, "REDIS_URL", "redis://:pass@redis:port/0"),
        (env.files, "FILES_URL", "s3://key:secret@store.example:port/bucket"),
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


def test_what_is_empty_is_as_if_it_were_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the example has it, and as compose passes on what nobody set."""
    for name in ("PORT", "LOG_FORMAT", "DEFAULT_FROM_EMAIL", "REDIS_URL"):
        monkeypatch.setenv(name, "")
    assert env.port("PORT", 8000) == 8000
    assert env.one_of("LOG_FORMAT", "line", "json") == "line"
    assert env.sender("DEFAULT_FROM_EMAIL", "Hội Nghị <a@b.example>") == "Hội Nghị <a@b.example>"
    assert env.broker("REDIS_URL") == ""


@pytest.mark.parametrize(
    "address", ["https://hoinghi.example:8443", "http://[::1]:8000", "https://10.0.0.5/"]
)
def test_where_people_come_may_have_a_port(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("SITE_URL", address)
    assert env.site_url("SITE_URL", "") == address.rstrip("/")


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
        ("DATABASE_URL", "//user:bimat@db.example/hoinghi"),  # of this one the reader itself warned with it
        ("DATABASE_URL", "mysql://user:bimat@db.example/hoinghi"),
        ("REDIS_URL", "redis://:bi/mat@redis.example/0"),
        ("FILES_URL", "s3://key:bi/mat@store.example/bucket"),
    ],
)
def test_a_broken_address_is_named_and_its_password_is_not(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str
) -> None:
    monkeypatch.setenv(name, url)
    readers: dict[str, Callable[[], object]] = {
        "EMAIL_URL": lambda: env.email(name, Path("/unused")),
        "DATABASE_URL": lambda: env.database(name, Path("/unused")),
        "REDIS_URL": lambda: env.broker(name),
        "FILES_URL": lambda: env.files(name),
    }
    with pytest.raises(ImproperlyConfigured, match=f"^{name} must look like .* # %23") as told:
        readers[name]()
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
