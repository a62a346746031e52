#!/usr/bin/env python
"""Django's command line for Escala; a wrong setting ends in one line and exit status 2."""

import os
import sys


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - says so in one line where the rest would be a syntax error
        sys.stderr.write("escala: Python 3.11 or newer is needed.\n")
        sys.exit(2)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.environment import one_line_errors  # noqa: PLC0415 - after the version was checked

    with one_line_errors():
        from django.core.management import execute_from_command_line  # noqa: PLC0415 - same reason

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
