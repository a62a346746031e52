"""A port for a server that a test or a bench starts."""

import random
import socket

# Below the ports that Linux gives to outgoing calls: a client that tries one of those before its server listens
# can be given the very same port, and then talks to itself.
PORTS = range(20_000, 32_000)


def free_port() -> int:
    """A port of this machine that nobody listens on, and neither on the next one."""
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        if _is_free(port) and _is_free(port + 1):
            return port
    raise OSError("no port is free")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
