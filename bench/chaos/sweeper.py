"""One more engine beside the desk's own: `python -m bench.chaos.sweeper` sweeps without a broker.

It leaves the mail to the desk: a round of deliveries ends when the outbox is empty, which may be minutes.
"""

import time

import django
from django.db import DatabaseError, InterfaceError, connections

django.setup()

from escalation import sweep  # noqa: E402 - models can be imported from here on

PAUSE = 1.0


def main() -> None:
    while True:
        try:
            sweep.run()
        except (DatabaseError, InterfaceError) as error:
            print(f"sweeper: {error}", flush=True)
        finally:
            connections.close_all()
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
