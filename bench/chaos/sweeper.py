"""One more engine beside the desk's own: `python -m bench.chaos.sweeper` sweeps and sends without a broker."""

import time

import django
from django.db import DatabaseError, InterfaceError, connections

django.setup()

from escalation import sweep  # noqa: E402 - models can be imported from here on
from notifications import delivery  # noqa: E402 - the same

PAUSE = 1.0


def main() -> None:
    while True:
        try:
            sweep.run()
            delivery.run()
        except (DatabaseError, InterfaceError) as error:
            print(f"sweeper: {error}", flush=True)
        finally:
            connections.close_all()
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
