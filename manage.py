#!/usr/bin/env python
"""Django's command line for Escala; a wrong setting ends in one line and exit status 2."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.environment import SettingError  # noqa: PLC0415 - the settings module is chosen above

    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415 - same reason

        execute_from_command_line(sys.argv)
    except SettingError as error:
        sys.stderr.write(f"escala: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
