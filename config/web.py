"""The web process: `python -m config.web`.

Under `manage.py up` it serves on the socket that the launcher holds (ESCALA_FD); else it takes HOST and PORT.
"""

import os
import socket

import uvicorn

from config.environment import one_line_errors, read
from config.launcher.ports import listening_socket

# An open event stream must not hold up the end of the process for longer.
LAST_SECONDS = 2


def main() -> None:
    with one_line_errors():
        given = read()
        descriptor = os.environ.pop("ESCALA_FD", "")
        listener = socket.socket(fileno=int(descriptor)) if descriptor else listening_socket(given.host, given.port)
        config = uvicorn.Config(
            "config.asgi:application",
            http="httptools",
            lifespan="off",
            ws="none",
            access_log=given.log_level == "debug",
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=LAST_SECONDS,
        )
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
