"""The key that signs: named by the environment, opened once per process, never written anywhere.

A file (PKCS#12, or PEM with its certificates) or a token (PKCS#11). Only workers and `manage.py signing_key`
open it. Whatever is wrong with it is said in a sentence that names the variable, never its value.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from pyhanko.sign.signers import Signer

from conference import vietnamese_dates
from documents.signers import HeldKey

SMALLEST_RSA = 2048
USAGES = {"digital_signature", "non_repudiation"}  # one of these two is enough
LARGEST_FILE = 1 << 20
SOON = timedelta(days=30)


class KeyRefused(Exception):
    """The key cannot sign; the text says why, for people."""


@dataclass(frozen=True)
class Key:
    """A key that is open: what pyHanko signs with, and whose it is."""

    signer: Signer
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def owner(self) -> str:
        return name_of(self.certificate)

    @property
    def until(self) -> datetime:
        return self.certificate.not_valid_after

    @property
    def room(self) -> int:
        """Bytes of a file that the signature gets, without a trial signature: twice its length, as hex."""
        certificates = sum(len(one.dump()) for one in (self.certificate, *self.chain))
        signed = self.certificate.public_key.byte_size + 1024  # what is signed besides takes 400 to 500
        return 2 * (certificates + signed + (8192 if settings.SIGNING_TSA_URL else 0))

    def verify(self, value: bytes, data: bytes) -> None:
        """Raises `InvalidSignature` where the value is none of this certificate's over the data."""
        public = self._public
        if isinstance(public, RSAPublicKey):
            public.verify(value, data, PKCS1v15(), SHA256())
        else:
            public.verify(value, data, ECDSA(SHA256()))

    @cached_property
    def _public(self) -> RSAPublicKey | EllipticCurvePublicKey:
        found: Any = serialization.load_der_public_key(self.certificate.public_key.dump())
        return found

    def require_usable(self, now: datetime) -> None:
        """Raises `KeyRefused` where the certificate does not allow a signature at this moment."""
        certificate = self.certificate
        if now > certificate.not_valid_after:
            raise KeyRefused(_("Chứng thư số của khóa ký đã hết hạn %s.") % _day(certificate.not_valid_after))
        if now < certificate.not_valid_before:
            day = _day(certificate.not_valid_before)
            raise KeyRefused(_("Chứng thư số của khóa ký chưa có hiệu lực, bắt đầu từ %s.") % day)
        allowed = certificate.key_usage_value
        if allowed is None or not USAGES & set(allowed.native):
            raise KeyRefused(
                _("Chứng thư số của khóa này không cho phép ký (thiếu digitalSignature hoặc nonRepudiation).")
            )


def key() -> Key:
    """The key, usable now. Raises `KeyRefused`. A file that was exchanged is opened anew."""
    if settings.SIGNING_PKCS11_MODULE:
        names = (settings.SIGNING_PKCS11_MODULE, settings.SIGNING_PKCS11_TOKEN, settings.SIGNING_PKCS11_KEY)
        found = _token(*names, settings.SIGNING_PKCS11_PIN_FILE)
    elif settings.SIGNING_KEY_FILE:
        state = _private(settings.SIGNING_KEY_FILE, "SIGNING_KEY_FILE").stat()
        found = _file(settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_PASSPHRASE_FILE, state.st_mtime_ns)
    else:
        raise KeyRefused(
            _("Chưa có khóa ký. Người quản trị đặt SIGNING_KEY_FILE hoặc SIGNING_PKCS11_MODULE.")
        )
    found.require_usable(timezone.now())
    return found


def name_of(certificate: x509.Certificate) -> str:
    """Whose certificate it is: common name, and the organisation where it is another; at most 300 signs."""
    facts: dict[str, Any] = certificate.subject.native
    names = [_first(facts.get(part)) for part in ("common_name", "organization_name")]
    return (
        ", ".join(dict.fromkeys(name for name in names if name))[:300]
        or certificate.subject.human_friendly[:300]
    )


def _first(value: Any) -> str:
    return str(value[0] if isinstance(value, list) else value or "").strip()


def _day(moment: datetime) -> str:
    return vietnamese_dates.short_date(moment.astimezone(timezone.get_default_timezone()))


# ── From a file ───────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1)
def _file(path: str, passphrase_file: str, _changed: int) -> Key:
    data = _contents(path, "SIGNING_KEY_FILE")
    secret = _secret(passphrase_file, "SIGNING_KEY_PASSPHRASE_FILE")
    private, certificates = (_pem if data.lstrip().startswith(b"-----BEGIN") else _pkcs12)(data, secret)
    mine = [one for one in certificates if one.public_key() == private.public_key()]
    if not mine:
        raise KeyRefused(_("Tệp khóa ký không có chứng thư số của chính khóa đó."))
    if isinstance(private, RSAPrivateKey) and private.key_size < SMALLEST_RSA:
        raise KeyRefused(_("Khóa ký RSA cần từ 2048 bit."))
    if not isinstance(private, RSAPrivateKey | EllipticCurvePrivateKey):
        raise KeyRefused(_("Khóa ký phải là RSA hoặc ECDSA."))
    chain = tuple(_read(one) for one in certificates if one is not mine[0])
    certificate = _read(mine[0])
    return Key(HeldKey(private, certificate, chain), certificate, chain)


def _pkcs12(data: bytes, secret: bytes | None) -> tuple[Any, list[pyca.Certificate]]:
    try:
        private, own, others = pkcs12.load_key_and_certificates(data, secret)
    except (ValueError, TypeError):
        raise _unopened() from None  # the cause could tell something of the secret
    if private is None:
        raise KeyRefused(_("Tệp khóa ký không có khóa bí mật."))
    return private, [*([own] if own else []), *others]


def _pem(data: bytes, secret: bytes | None) -> tuple[Any, list[pyca.Certificate]]:
    try:
        private = serialization.load_pem_private_key(data, secret if b"ENCRYPTED" in data else None)
        return private, pyca.load_pem_x509_certificates(data)
    except (ValueError, TypeError):
        raise _unopened() from None  # the same


def _unopened() -> KeyRefused:
    return KeyRefused(
        _("Không mở được khóa ký: mật khẩu trong SIGNING_KEY_PASSPHRASE_FILE sai, hoặc tệp khóa hỏng.")
    )


def _read(certificate: pyca.Certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _private(path: str, variable: str) -> Path:
    """A file that only its owner can read."""
    file = Path(path)
    try:
        state = file.stat()
    except OSError:
        raise KeyRefused(_("Không đọc được tệp mà %s chỉ tới.") % variable) from None
    if state.st_mode & 0o077:
        mode = f"{state.st_mode & 0o777:04o}"
        raise KeyRefused(
            _("Tệp mà %(variable)s chỉ tới có quyền %(mode)s: người khác đọc được. Đặt quyền 0600.")
            % {"variable": variable, "mode": mode}
        )
    if state.st_size > LARGEST_FILE:
        raise KeyRefused(_("Tệp mà %s chỉ tới quá lớn.") % variable)
    return file


def _secret(path: str, variable: str) -> bytes | None:
    return _contents(path, variable).rstrip(b"\r\n") if path else None


def _contents(path: str, variable: str) -> bytes:
    """Mode 0600 keeps out us as well where the file belongs to another account."""
    try:
        return _private(path, variable).read_bytes()
    except OSError:
        told = _("Tiến trình không đọc được tệp mà %s chỉ tới. Giao tệp cho tài khoản của nó, quyền 0600.")
        raise KeyRefused(told % variable) from None


# ── From a token ──────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1)
def _token(module: str, token: str, label: str, pin_file: str) -> Key:
    try:  # an optional package: most installations have no token
        from pyhanko.config.pkcs11 import TokenCriteria  # the same
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError:
        raise KeyRefused(_("Khóa ký trên thiết bị cần gói python-pkcs11, chưa cài.")) from None
    pin = _secret(pin_file, "SIGNING_PKCS11_PIN_FILE")
    try:
        wanted = TokenCriteria(label=token) if token else None
        session = open_pkcs11_session(module, token_criteria=wanted, user_pin=pin.decode() if pin else None)
        signer = PKCS11Signer(
            session, cert_label=label, key_label=label, other_certs_to_pull=None, embed_roots=False
        )
        asyncio.run(signer.ensure_objects_loaded())
    except Exception as fault:  # whatever a driver raises; its text is not ours to show
        raise KeyRefused(
            _("Không mở được khóa ký trên thiết bị (%s). Kiểm tra SIGNING_PKCS11_…, thẻ đã cắm và mã PIN.")
            % type(fault).__name__
        ) from None
    certificate: Any = signer.signing_cert
    registry: Any = signer.cert_registry
    return Key(signer, certificate, tuple(one for one in registry if one != certificate))
