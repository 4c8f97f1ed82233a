#!/usr/bin/env python
"""Every command of Hội Nghị starts here."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:
        sys.exit(f"{fault}")  # a variable that is missing or malformed: one sentence, no trace


if __name__ == "__main__":
    main()
