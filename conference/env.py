"""The environment, read once and typed. Nothing else in the project looks at `os.environ` for configuration.

A variable that is missing or malformed stops the start with a sentence that names it.
"""

import re
from collections.abc import Callable
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

BASE_DIR = Path(__file__).resolve().parent.parent

# How long PostgreSQL is waited for while its host says nothing at all, in libpq's words: seconds, the last in
# milliseconds. Otherwise a request waits two hours for a host that vanished. And how long PostgreSQL waits
# for us in the middle of a transaction: who stands still there would keep its rows from everybody.
# DATABASE_URL may say otherwise.
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
    "options": "-c idle_in_transaction_session_timeout=90s",
}

ENCODED = "; in a password / is written %2F, # %23, @ %40"
HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d+)?")

_env = environ.Env()


def text(name: str, default: str = "") -> str:
    """A string; surrounding blanks are dropped, and what is empty counts as unset."""
    return str(_env.str(name, "")).strip() or default


def required(name: str) -> str:
    """A string that must be there."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """True for 1/true/yes/on, false for 0/false/no/off or empty; anything else is an error."""
    value = text(name).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if not value:
        return default
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    """A whole number ≥ 0."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def port(name: str, default: int) -> int:
    """Where a server of ours listens."""
    value = number(name, default)
    if not 0 < value < 65536:
        raise ImproperlyConfigured(f"{name} must be a number from 1 to 65535, not {value}.")
    return value


def one_of(name: str, *choices: str) -> str:
    """One of these words; the first where nothing is said."""
    value = text(name, choices[0])
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or default


def addresses(name: str) -> list[str]:
    """A comma-separated list of mail addresses."""
    return [_mail_address(name, one, one) for one in words(name, [])]


def sender(name: str, default: str) -> str:
    """A mail address, with the name that stands before it or without."""
    value = text(name, default)
    return _mail_address(name, value, parseaddr(value)[1])


def _mail_address(name: str, value: str, address: str) -> str:
    """The value, once the address in it can be one."""
    try:
        validate_email(address)
    except ValidationError as fault:
        raise ImproperlyConfigured(f"{name}: {value!r} is no mail address.") from fault
    return value


def folder(name: str, default: Path) -> Path:
    """A path; relative ones count from the project's root."""
    return (BASE_DIR / text(name)).resolve() if text(name) else default


def own_folder(name: str, default: Path) -> Path:
    """A folder for our own files, made where it is missing."""
    path = folder(name, default)
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as fault:
        raise ImproperlyConfigured(f"{name}: the folder {path} cannot be made ({fault.strerror}).") from fault
    return path


def database(name: str, default: Path) -> dict[str, Any]:
    """Django's database dictionary from a URL; without one, an SQLite file at `default`."""
    like, value = "postgres://user:password@host:5432/database", text(name, f"sqlite:///{default}")
    # Asked before it is read: of an engine that it does not know the reader warns with the password.
    _parts(name, like + ENCODED, value, {"postgres", "postgresql", "sqlite"})
    return _read(name, like, _env.db_url_config, value)


def _read(name: str, like: str, reader: Callable[[str], Any], url: str) -> dict[str, Any]:
    """What a URL says. Of a broken one nothing is shown: it holds a password, and often is broken by it."""
    try:
        return dict(reader(url))
    except (ValueError, ImproperlyConfigured):
        raise ImproperlyConfigured(f"{name} must look like {like}{ENCODED}.") from None


def files(name: str) -> dict[str, Any]:
    """Django's storage of stored files from a URL of a bucket; without one, the folder MEDIA_ROOT."""
    if not (value := text(name)):
        return {"BACKEND": "conference.stores.Folder"}
    like, secure = f"s3://key:secret@store.example/bucket?region=…{ENCODED}", {"s3": True, "s3+http": False}
    parts = _parts(name, like, value, set(secure))
    bucket, _slash, prefix = parts.path.strip("/").partition("/")
    if not (parts.hostname and parts.username and parts.password and bucket):
        raise ImproperlyConfigured(f"{name} must look like {like}.")
    asked = dict(parse_qsl(parts.query))
    if unknown := set(asked) - {"region", "style"}:
        raise ImproperlyConfigured(f"{name}: {unknown.pop()} is not known; region and style are.")
    behind = f":{parts.port}" if parts.port else ""
    if find_spec("storages") is None:
        raise ImproperlyConfigured(f"{name} needs the packages of requirements-s3.txt.")
    options = {
        "access_key": unquote(parts.username), "secret_key": unquote(parts.password),
        "endpoint_url": f"{'https' if secure[parts.scheme] else 'http'}://{parts.hostname}{behind}",
        "bucket_name": bucket, "location": prefix,
        "region_name": asked.get("region", "us-east-1"), "style": asked.get("style", "path"),
    }  # fmt: skip
    return {"BACKEND": "conference.buckets.Bucket", "OPTIONS": options}


def email(name: str, default: Path) -> dict[str, Any]:
    """Django's EMAIL_* settings from a URL; without one, letters are written into the folder `default`."""
    # A file address counts from the working directory, unless its path begins with a second slash.
    like = "smtp+tls://user:password@host:587"
    return _read(name, like, _env.email_url_config, text(name) or f"filemail:///{default}")


def broker(name: str) -> str:
    """The URL of a Redis; nothing where messages are files."""
    value = text(name)
    if value:
        _parts(name, f"redis://:password@host:6379/0{ENCODED}", value, {"redis", "rediss", "redis+socket"})
    return value


def site_url(name: str, default: str) -> str:
    """The address under which people reach the site: scheme and host, no path."""
    value = text(name, default).rstrip("/")
    like = f"https://hoinghi.example, not {value!r}"
    parts = _parts(name, like, value, {"http", "https"})
    if value != f"{parts.scheme}://{parts.netloc}" or not HOST.fullmatch(parts.netloc):
        raise ImproperlyConfigured(f"{name} must look like {like}.")
    return value


def _parts(name: str, like: str, value: str, schemes: set[str]) -> SplitResult:
    """The parts of a URL that begins with one of the schemes."""
    try:
        parts = urlsplit(value)
        is_well = parts.scheme in schemes and parts.port != 0
    except ValueError:  # a port that is no number, a bracket that is not closed
        is_well = False
    if not is_well:
        raise ImproperlyConfigured(f"{name} must look like {like}.") from None
    return parts
