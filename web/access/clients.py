"""Who asks: the name of a token, the name that a trusted proxy signed in, or an address.

    REMOTE_ADDR=127.0.0.1, X-Forwarded-For: 198.51.100.7 ──▶ "198.51.100.7", if 127.0.0.1 is trusted

What a proxy says is believed only if the connection comes from an address in BROADSHEET_TRUSTED_PROXIES.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from search.errors import SettingsError

UNIX_SOCKET = "unix"
"""Stands in the setting for clients on a Unix socket, which have no address."""
IPV6_CLIENT_BITS = 64
"""What one subscriber is given: any address in it may be used by the same client (RFC 6177)."""


@dataclass(frozen=True, slots=True)
class Client:
    """`name`: of the token or the person, "" if not known; `scopes`: what it may ask for."""

    address: str
    name: str = ""
    scopes: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """What is counted together. A name is no address: names of tokens and of people are told apart by the guard."""
        if self.name:
            return self.name
        address = _address(self.address)
        if isinstance(address, IPv6Address):
            return str(IPv6Network((int(address), IPV6_CLIENT_BITS), strict=False))
        return self.address


class TrustedProxies:
    """Of a list such as `127.0.0.1, 10.0.0.0/8, ::1, unix`. Raises SettingsError for anything else."""

    def __init__(self, listed: str) -> None:
        names = [name.strip() for name in listed.split(",") if name.strip()]
        self.unix = UNIX_SOCKET in names
        try:
            self.networks = tuple(ip_network(name) for name in names if name != UNIX_SOCKET)
        except ValueError as error:
            raise SettingsError(
                f"BROADSHEET_TRUSTED_PROXIES: {error}; give addresses, networks such as 10.0.0.0/8, or unix"
            ) from error

    def trusts(self, address: str) -> bool:
        known = _address(address)
        return self.unix if not address else known is not None and any(known in network for network in self.networks)

    def client_address(self, environ: Mapping[str, Any]) -> str:
        """The address of the connection or, behind trusted proxies, the last one in X-Forwarded-For that is not theirs: what
        stands before it may be made up."""
        address = str(environ.get("REMOTE_ADDR") or "")
        forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        while forwarded and self.trusts(address):
            before = _address(forwarded.pop().strip())
            if before is None:
                break
            address = str(before)
        return address


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """::ffff:10.0.0.1, as a socket for both kinds says it, is 10.0.0.1."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
