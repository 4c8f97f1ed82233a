"""pyHanko's signer with a private key that is parsed once.

pyHanko's own parses the key for every signature, where OpenSSL checks an RSA key at length each time: four
fifths of the work.
"""

from __future__ import annotations

from collections.abc import Sequence

from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

DIGEST = "sha256"


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

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The signature value over the data."""
        if digest_algorithm != DIGEST:
            raise ValueError(f"signatures are made over {DIGEST}, not {digest_algorithm}")
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(data, PKCS1v15(), SHA256())
        return self._key.sign(data, ECDSA(SHA256()))
