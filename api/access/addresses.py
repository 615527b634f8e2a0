"""Which addresses only this machine can reach."""

import ipaddress
import socket
from functools import lru_cache
from typing import Final

LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(host: str) -> bool:
    """Whether listening on this address or name keeps everybody else out.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False
    return all(ipaddress.ip_address(entry[4][0]).is_loopback for entry in found)


@lru_cache(maxsize=64)
def is_own_address(address: str) -> bool:
    """Whether a connection from this address was made on this machine.

    Examples
    --------
    >>> is_own_address("127.0.0.1"), is_own_address("::ffff:127.0.0.1")
    (True, True)
    >>> is_own_address("10.0.0.7"), is_own_address("localhost"), is_own_address("")
    (False, False, False)
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def names_this_machine(host: str) -> bool:
    """Whether the Host header of a request is a name of this machine for itself.

    Without keys, a page on the Internet whose name is made to point at 127.0.0.1
    could otherwise ask through the browser of whoever opens it.

    Examples
    --------
    >>> names_this_machine("localhost:8000"), names_this_machine("[::1]:8000")
    (True, True)
    >>> names_this_machine("evil.example:8000")
    False
    """
    name, _, port = host.rpartition(":")
    if not name or not port.isdecimal():
        name = host
    return name.strip("[]").lower() in LOCAL_NAMES
