"""Signatures: processor time of one, by our signer and by pyHanko as its documentation shows it."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path
from typing import Any

from bench import measure

COUNT, QUICK_COUNT = 60, 12
KEYS = ("RSA-2048", "RSA-3072", "P-256")


def report(*, quick: bool) -> None:
    """Milliseconds of processor time for each signature, medians, the two in turn in one process."""
    with tempfile.TemporaryDirectory(prefix="hn-bench-") as folder:
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "conference.settings", "SIGNING_FOLDER": folder}
        count = str(QUICK_COUNT if quick else COUNT)
        found = measure.run(("-m", "bench.signing", count), environment).result
    rows = [
        [key, f"{ours:.1f}", f"{theirs:.1f}", f"{theirs / ours:.1f}×", f"{checked:.1f}"]
        for key, (ours, theirs, checked) in found.items()
    ]
    head = ["key", "ours ms", "pyHanko as documented ms", "ratio", "checking ms"]
    measure.table("One signature on a certificate (PAdES-B-B), processor time, medians", head, rows)


def main(count: int) -> None:
    import django

    django.setup()
    found = {key: _measured(key, count) for key in KEYS}
    print(json.dumps(found))


def _measured(kind: str, count: int) -> tuple[float, float, float]:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from django.conf import settings
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf

    from documents import signing
    from documents.pdf import renderer
    from tests.documents.keys import PASSPHRASE, Authority

    made: Any = {
        "RSA-2048": lambda: rsa.generate_private_key(65537, 2048),
        "RSA-3072": lambda: rsa.generate_private_key(65537, 3072),
        "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    }[kind]()
    folder = Path(os.environ["SIGNING_FOLDER"])
    file, secret = Authority().key_file(folder, key=made)
    settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_PASSPHRASE_FILE = str(file), str(secret)
    pdf = renderer("base.css").render("<!doctype html><title>Giấy</title><p>Giấy chứng nhận</p>").pdf
    stock: Any = SimpleSigner.load_pkcs12(str(file), passphrase=PASSPHRASE.encode())
    about = PdfSignatureMetadata(field_name=signing.FIELD, md_algorithm="sha256", subfilter=signing.PADES)

    def ours() -> bytes:
        return signing.sign(pdf, reason="", location="")

    def theirs() -> None:
        sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), about, signer=stock, output=BytesIO())

    signed = ours()
    return _ms(ours, count), _ms(theirs, count), _ms(lambda: signing.read(signed), count)


def _ms(call: Any, count: int) -> float:
    """Median of processor milliseconds; the first call does not count."""
    call()
    taken = []
    for _ in range(count):
        begun = time.process_time()
        call()
        taken.append((time.process_time() - begun) * 1000)
    return sorted(taken)[count // 2]


if __name__ == "__main__":
    main(int(sys.argv[1]))
