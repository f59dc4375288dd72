"""The port: taken before any work begins, and kept until the web server has it."""

import errno
import socket


class PortTaken(Exception):
    """Another program listens there already; the message says what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Bind and listen at once.

    The socket is handed to the web server later. Holding it from the start means that nobody else can take
    the port while the setup runs, and that a browser opened early waits instead of failing.

    Raises
    ------
    PortTaken
        Naming the port, and a free one to use instead.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"Port {port} is already taken by another program. Nothing was started. "
                f"Choose another port: make run PORT={_free_port_after(host, port, family)}"
            ) from None
        if error.errno == errno.EACCES:
            raise PortTaken(
                f"Port {port} is reserved for the system administrator. "
                "Choose one above 1023: make run PORT=8000"
            ) from None
        raise
    return listener


def _free_port_after(host: str, port: int, family: int) -> int:
    for candidate in range(port + 1, min(port + 100, 65536)):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
                probe.listen(1)
            except OSError:
                continue
            return candidate
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
