#!/usr/bin/env python
"""Every command of Hội Nghị starts here."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import InterfaceError, OperationalError, ProgrammingError
    from django.db.migrations.exceptions import MigrationSchemaMissing

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:
        sys.exit(f"{fault}")  # a variable that is missing or malformed: one sentence, no trace
    except (OperationalError, InterfaceError, ProgrammingError, MigrationSchemaMissing) as fault:
        # Away, or without our tables: whatever was begun did not happen.
        if "--traceback" in sys.argv:
            raise
        said = str(fault).strip().partition("\n")[0]
        sys.exit(f"The database cannot be used: {said}\nmanage.py doctor says what is wrong with it.")


if __name__ == "__main__":
    main()
