"""Whether the ports are free, before anything starts."""

import socket
from collections.abc import Iterable

from launcher.settings import Port, SettingsError


def require_free(ports: Iterable[Port]) -> None:
    """Return if something can listen on each port.

    Raises:
        SettingsError: on one it can't; the message names the port and its variable.
    """
    for port in ports:
        if not _is_free(port):
            raise SettingsError(
                f"Port {port.number} is taken. Stop what listens there, or choose another with"
                f" {port.variable}, for example: {port.variable}={port.number + 1} make run"
            )


def is_listening(port: Port) -> bool:
    """Return whether something takes connections there."""
    # "All addresses" can be listened on, not connected to.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(port.host, port.host)  # noqa: S104
    try:
        socket.create_connection((host, port.number), timeout=1).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    """Return a port of this machine that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: Port) -> bool:
    try:
        family, _, _, _, address = socket.getaddrinfo(
            port.host, port.number, type=socket.SOCK_STREAM
        )[0]
    except OSError as error:
        raise SettingsError(f"The host {port.host!r} (WEB_HOST) is not known here.") from error
    with socket.socket(family) as probe:
        # Connections that ended a minute ago don't make a port taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError as error:
            raise SettingsError(
                f"Port {port.number} is reserved for the system's own services. Choose one above"
                f" 1023 with {port.variable}."
            ) from error
        except OSError:
            return False
    return True
