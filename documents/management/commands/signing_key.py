"""`manage.py signing_key`: whose key signs here, until when, and whether it does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from documents import signing, signing_keys
from documents.errors import SignatureRefused, Unanswered
from documents.pdf import renderer
from documents.signing_keys import KeyRefused

PAGE = "<!doctype html><html lang=vi><title>Signing</title><p>Signing</p></html>"


class Command(BaseCommand):
    """Signs a page that is thrown away; nothing secret is printed."""

    help = "Tell whose key signs certificates, until when, and try it."

    @translation.override("en")
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = signing_keys.key()
            made = signing.sign(renderer("base.css").render(PAGE).pdf, reason="", location="")
            found = signing.read(made)
        except (KeyRefused, SignatureRefused, Unanswered) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Key of {key.owner}, valid until {key.until:%d/%m/%Y}.")
        self.stdout.write("A trial signature is valid.")
        if not found.is_trusted:
            self.stdout.write("Its certificate leads to no root in SIGNING_TRUST_FILE.")
