"""The address that the desk listens on."""

import socket

from config.addresses import SettingError


def listening_socket(host: str, port: int) -> socket.socket:
    """The desk's address, taken once and kept: a web process that restarts never loses it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise SettingError(f"PORT: {host}:{port} cannot be used: {error.strerror}. Try PORT={port + 1}.") from None
    return listener
