"""`manage.py journal verify [--json] [--head …]`, `journal seal`: whether anybody changed the journal."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conference import proving, sealing


def _head(text: str) -> tuple[int, int, str]:
    """One line of a letter."""
    try:
        return sealing.read_mark(text)
    except ValueError:
        said = f"{text}: a head is chain/entries/SHA-256 with all 64 signs, as the letter has it"
        raise ArgumentTypeError(said) from None


class Command(BaseCommand):
    """`verify` ends with 1 and a line for every fault; `seal` does what the sweeper does, for all entries."""

    help = "Verify the chain of the journal against itself and against the heads outside the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=("verify", "seal"))
        parser.add_argument("--json", action="store_true", help="for programs")
        head = "as a letter tells it: chain/sequence/SHA-256"
        parser.add_argument("--head", nargs="+", default=[], type=_head, help=head)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["act"] == "seal":
                self.stdout.write(f"{sealing.seal(everything=True)} entries sealed")
                return
            proof = proving.prove(options["head"])
        except OSError as error:
            mend = "Nothing is known of the journal until it can be read; manage.py doctor tells more."
            raise CommandError(f"{error}. {mend}") from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(proof), ensure_ascii=False, indent=1))
        else:
            told = f"{proof.entries} entries in {proof.chains} chains, {proof.erased} of them erased"
            self.stdout.write("\n".join([*proof.notes, told]))
        if proof.faults:
            raise CommandError("\n".join(["The journal is not as it was written:", *proof.faults]))
