"""pyHanko's signer with a private key that is parsed once, and what is the same in every signature made once.

pyHanko's own parses the key for every signature, where OpenSSL checks an RSA key at length each time: four
fifths of the work. Most of the rest is encoding the same certificates and attributes anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms, x509
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
        self._pattern: Pattern | None = None

    async def async_sign(
        self,
        data_digest: bytes,
        digest_algorithm: str,
        dry_run: bool = False,
        use_pades: bool = False,
        timestamper: Any = None,
        signed_attr_settings: Any = None,
        is_pdf_sig: bool = True,
        encap_content_info: Any = None,
    ) -> cms.ContentInfo:
        """The container of a signature. After the first only the digest and the value are new.

        Not where there is a time stamp, or the time among what is signed: PAdES has it in the file.
        """
        is_plain = use_pades and is_pdf_sig and not (dry_run or timestamper or encap_content_info)
        is_plain = is_plain and isinstance(self._key, RSAPrivateKey)
        if not is_plain or self._pattern is None:
            made = await super().async_sign(
                data_digest, digest_algorithm, dry_run, use_pades, timestamper, signed_attr_settings,
                is_pdf_sig, encap_content_info,
            )  # fmt: skip
            if is_plain:
                self._pattern = Pattern.of(made, data_digest)
            return made
        value = await self.async_sign_raw(self._pattern.attributes(data_digest), digest_algorithm)
        return self._pattern.container(data_digest, value)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The signature value over the data."""
        if digest_algorithm != DIGEST:
            raise ValueError(f"signatures are made over {DIGEST}, not {digest_algorithm}")
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(data, PKCS1v15(), SHA256())
        return self._key.sign(data, ECDSA(SHA256()))


@dataclass(frozen=True)
class Pattern:
    """The encoded container, and the signed attributes, around the digest of the file and the value.

    For keys of which every value has the same length: the lengths around it stay as they are.
    """

    outside: tuple[bytes, bytes, bytes]
    signed: tuple[bytes, bytes]

    @classmethod
    def of(cls, first: cms.ContentInfo, digest: bytes) -> Pattern:
        [info] = first["content"]["signer_infos"]
        before, rest = first.dump().split(digest)
        between, after = rest.split(info["signature"].native)
        start, end = info["signed_attrs"].untag().dump().split(digest)
        return cls((before, between, after), (start, end))

    def attributes(self, digest: bytes) -> bytes:
        """What the key signs."""
        return digest.join(self.signed)

    def container(self, digest: bytes, value: bytes) -> cms.ContentInfo:
        before, between, after = self.outside
        return cms.ContentInfo.load(b"".join((before, digest, between, value, after)))
