"""pyHanko's signature with the private key parsed once, and the parts that never change built once.

pyHanko parses the key for every signature (OpenSSL checks an RSA key each time) and encodes the whole CMS
object in Python. Between two PAdES signatures by one RSA key only the digest of the file and the signature
value differ, and both have a fixed length: pyHanko builds one object, and each further one is a copy with
these two written in. Whatever does not fit that (elliptic curves, time-stamps) goes pyHanko's own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from asn1crypto import cms, x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

DIGEST = "sha256"
_MARK = sha256(b"the digest of no file").digest()


class HeldKey(Signer):
    """Signs with a key in memory; SHA-256 only."""

    def __init__(
        self,
        key: RSAPrivateKey | EllipticCurvePrivateKey,
        certificate: x509.Certificate,
        chain: Sequence[x509.Certificate] = (),
    ) -> None:
        store = SimpleCertificateStore()
        store.register_multiple(chain)
        super().__init__(signing_cert=certificate, cert_registry=store, embed_roots=False)
        self._key = key
        self._pattern: _Pattern | None = None

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != DIGEST:
            raise ValueError(f"signatures are made over {DIGEST}, not {digest_algorithm}")
        return self._signed(data)

    async def async_sign(
        self, data_digest: bytes, digest_algorithm: str, dry_run: bool = False, **more: Any
    ) -> cms.ContentInfo:
        """The signature of a file with this digest, as pyHanko's own, byte for byte."""
        plain = more.get("use_pades") and not any(more.get(name) for name in _UNLIKE)
        if not plain or not isinstance(self._key, RSAPrivateKey) or digest_algorithm != DIGEST:
            return await super().async_sign(data_digest, digest_algorithm, dry_run=dry_run, **more)
        if self._pattern is None:
            self._pattern = _Pattern(await super().async_sign(_MARK, DIGEST, **more))
        return self._pattern.filled(data_digest, self._signed)

    def _signed(self, data: bytes) -> bytes:
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(data, PKCS1v15(), SHA256())
        return self._key.sign(data, ECDSA(SHA256()))
