"""Connections to addresses that people name: none to the private network, also after redirects and rebinding.

A name is resolved once, every address that it has is judged, and the connection goes to one of those very
addresses; TLS and the Host header keep the name. Proxies of the environment are not used, since behind one
nobody knows where a connection ends.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from triptych.core.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Resolver = Callable[[str, int], list[str]]

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
CONNECTIONS = 8

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Not global by any reading, but missing from `is_global` of some releases of Python 3.11 and 3.12.
_NEVER = (
    ipaddress.ip_network("100.64.0.0/10"),  # carriers' networks, RFC 6598
    ipaddress.ip_network("192.0.0.0/24"),  # protocol assignments, RFC 6890
    ipaddress.ip_network("192.88.99.0/24"),  # 6to4 relays, RFC 7526
    ipaddress.ip_network("64:ff9b:1::/48"),  # local NAT64, RFC 8215
    ipaddress.ip_network("2001::/23"),  # Teredo and other assignments, RFC 2928
    ipaddress.ip_network("2002::/16"),  # 6to4: an IPv4 address in disguise
    ipaddress.ip_network("fec0::/10"),  # site-local, RFC 3879
)


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public internet; addresses within addresses are judged as well."""
    try:
        parsed = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return is_public(str(parsed.ipv4_mapped))
        if parsed in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFF_FFFF)))
    if any(parsed.version == network.version and parsed in network for network in _NEVER):
        return False
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified)


def system_resolver(host: str, port: int) -> list[str]:
    """All addresses of a host, as the system knows them. Raises Unavailable (`source_unreachable`)."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unavailable(
            f"The name {host[:100]!a} has no address.",
            code="source_unreachable",
            hint="Check the address for typing errors.",
        ) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def check_address(text: str) -> httpx.URL:
    """The URL of a source. Raises Refused (`bad_address`) unless it is http or https, with a host, without a
    password in it."""
    try:
        url = httpx.URL(text.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise _bad("The address cannot be read.") from error
    if url.scheme not in ("http", "https"):
        raise _bad("The address does not begin with http:// or https://.")
    if not url.host:
        raise _bad("The address names no host.")
    if url.userinfo:
        raise _bad("The address holds a user name or password.")
    return url


def _bad(message: str) -> Refused:
    return Refused(message, code="bad_address", hint="Give an address like https://host/folder/data.zip.")


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves, judges and connects. `private_networks` lets every address pass."""

    def __init__(self, *, private_networks: bool, resolver: Resolver) -> None:
        self._private_networks = private_networks
        self._resolver = resolver
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers. Raises Refused (`private_address`)."""
        addresses = self._resolver(host, port)
        if not self._private_networks and not all(map(is_public, addresses)):
            raise Refused(
                f"The host {host[:100]!a} lies in a private network.",
                code="private_address",
                hint="An administrator can allow private networks (TRIPTYCH_PRIVATE_NETWORKS=1).",
            )
        failure: Exception = httpcore.ConnectError(f"no address for {host}")
        for address in addresses:
            try:
                return self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """No address of a source means a socket on this machine. Raises Refused (`private_address`)."""
        raise Refused("The address means a socket on this machine.", code="private_address")

    def sleep(self, seconds: float) -> None:
        """Wait between attempts."""
        self._inner.sleep(seconds)


class GuardedTransport(httpx.HTTPTransport):
    """httpx's transport over the guarded backend; certificates are verified."""

    def __init__(self, *, private_networks: bool, resolver: Resolver) -> None:
        super().__init__(verify=True, trust_env=True)
        context = httpx.create_ssl_context(verify=True, trust_env=True)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS,
            keepalive_expiry=30.0,
            network_backend=GuardedBackend(private_networks=private_networks, resolver=resolver),
        )


def guarded_client(*, private_networks: bool, resolver: Resolver = system_resolver) -> httpx.Client:
    """A client that follows no redirect by itself and uses no proxy."""
    return httpx.Client(
        transport=GuardedTransport(private_networks=private_networks, resolver=resolver),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        headers={"User-Agent": "triptych", "Accept": "*/*", "Accept-Encoding": "identity"},
    )
