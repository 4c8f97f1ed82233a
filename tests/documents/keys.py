"""Keys for signing, made anew: a small authority and what it certifies."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

PASSPHRASE = "mật khẩu của khóa"
OWNER = "Bộ Thông tin và Truyền thông"


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


class Authority:
    """Whoever trusts its certificate trusts what it certifies."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._certified(name("Cơ quan chứng thực thử nghiệm"), self.key, is_root=True)

    def write(self, folder: Path) -> Path:
        file = folder / "roots.pem"
        file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return file

    def key_file(
        self,
        folder: Path,
        *,
        key: Any = None,
        days: tuple[int, int] = (-1, 365),
        signs: bool = True,
        mode: int = 0o600,
    ) -> tuple[Path, Path]:
        """A PKCS#12 file and the file of its passphrase; valid from and until so many days from now."""
        own = key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
        certificate = self._certified(name(OWNER), own, days=days, signs=signs)
        protection = serialization.BestAvailableEncryption(PASSPHRASE.encode())
        data = pkcs12.serialize_key_and_certificates(b"k", own, certificate, [self.certificate], protection)
        file, secret = folder / "key.p12", folder / "passphrase"
        for path, content in ((file, data), (secret, PASSPHRASE.encode())):
            path.write_bytes(content)
            path.chmod(mode)
        return file, secret

    def stamper(self) -> DummyTimeStamper:
        """Makes time stamps with a key of its own."""
        own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        certificate = self._certified(name("Dấu thời gian thử nghiệm"), own, usage=usage)
        der = serialization.Encoding.DER
        form = serialization.PrivateFormat.PKCS8
        private = keys.PrivateKeyInfo.load(own.private_bytes(der, form, serialization.NoEncryption()))
        return DummyTimeStamper(asn1.Certificate.load(certificate.public_bytes(der)), private)

    def _certified(
        self,
        subject: x509.Name,
        key: Any,
        *,
        days: tuple[int, int] = (-10, 3650),
        signs: bool = True,
        is_root: bool = False,
        usage: x509.ExtendedKeyUsage | None = None,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        issuer = subject if is_root else self.certificate.subject
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=days[0]))
            .not_valid_after(now + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=signs and not is_root, content_commitment=signs and not is_root,
                    key_encipherment=not signs, data_encipherment=False, key_agreement=False,
                    key_cert_sign=is_root, crl_sign=is_root, encipher_only=False, decipher_only=False,
                ),
                critical=True,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )  # fmt: skip
        if usage is not None:
            made = made.add_extension(usage, critical=True)
        return made.sign(self.key, hashes.SHA256())


class TimeStamps(BaseHTTPRequestHandler):
    """A time-stamp service (RFC 3161). `serving_stamps` sets who stamps, and where questions are kept."""

    stamper: DummyTimeStamper
    asked: list[bytes]

    def do_POST(self) -> None:
        self.asked.append(self.rfile.read(int(self.headers["Content-Length"])))
        made = self.stamper.request_tsa_response(tsp.TimeStampReq.load(self.asked[-1])).dump()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(made)))
        self.end_headers()
        self.wfile.write(made)

    def log_message(self, *_told: Any) -> None:
        pass


@contextmanager
def serving_stamps(authority: Authority) -> Iterator[tuple[str, list[bytes]]]:
    """A service on the loopback: its address, and what it was asked."""
    asked: list[bytes] = []
    kind = type("Stamps", (TimeStamps,), {"stamper": authority.stamper(), "asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
