"""Ports for the servers of tests, which are started side by side and by several processes."""

import random
import socket

#: Below what Linux gives to outgoing connections (ip(7): 32768 and up): none of them can take it first.
OURS = range(15_000, 32_000)

_claims: list[socket.socket] = []


def free_port() -> int:
    """A port nobody listens on, and that no other test of this machine is given while this process lives."""
    for port in random.sample(OURS, len(OURS)):
        if (claim := _claim(port)) is None:
            continue
        if _is_free(port):
            _claims.append(claim)
            return port
        claim.close()
    raise OSError("Every port for tests is in use.")


def _claim(port: int) -> socket.socket | None:
    """A name of the kernel's own (unix(7), abstract): one process has it, and it goes with the process."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0composer-test-port-{port}")
    except OSError:
        claim.close()
        return None
    return claim


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
