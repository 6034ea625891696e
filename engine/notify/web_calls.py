"""Calling another system over HTTP, and nothing but the systems that the operator allows.

The host must be on the list. It is resolved once, every address that the name stands for is looked at, and the
connection goes to the very address that was looked at, so that a second answer of the name server changes nothing.
Addresses that are not public (private, loopback, link-local, reserved) are refused unless the host is on the list of
those that may be such. Redirects are not followed: an answer of 3xx is an answer. Proxies of the environment are not
used.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

MAX_ANSWER_BYTES = 1024 * 1024
LONGEST_S = 60


class CallRefused(Exception):
    """The address must not be called; trying again changes nothing."""


class CallFailed(Exception):
    """The other system could not be reached, or its answer could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Hosts that may be called: ``host``, ``host:port``, ``*.domain``. private: their addresses need not be public."""

    hosts: Collection[str] = ()
    private: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What to send. limit_s: for all of it."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    limit_s: float = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. headers: lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def call(wanted: Call, allowed: Allowed) -> Answer:
    """Raises CallRefused before anything is sent, and CallFailed."""
    host, port, path, secure = _target(wanted.url)
    if not _matches(host, port, [*allowed.hosts, *allowed.private]):
        raise CallRefused(f"the host {host}:{port} is not allowed (MINGJING_HTTP_HOSTS)")
    address = _address(host, port, may_be_private=_matches(host, port, allowed.private))
    connection = _Pinned(host, port, address, wanted.limit_s, secure=secure)
    # Time-outs of a socket begin anew with each byte; this one ends everything, whatever drips in.
    guard = threading.Timer(wanted.limit_s, connection.hang_up)
    guard.daemon = True
    guard.start()
    try:
        connection.request(wanted.method, path, body=wanted.body, headers=dict(wanted.headers))
        response = connection.getresponse()
        body = response.read(MAX_ANSWER_BYTES + 1)
        if connection.hung_up:
            raise CallFailed(f"{host} took longer than {wanted.limit_s:g} seconds")
        if len(body) > MAX_ANSWER_BYTES:
            raise CallFailed(f"the answer of {host} is larger than {MAX_ANSWER_BYTES} bytes")
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(status=response.status, headers=headers, body=body)
    except (OSError, http.client.HTTPException, ValueError) as problem:
        late = connection.hung_up or isinstance(problem, TimeoutError)
        why = (
            f"took longer than {wanted.limit_s:g} seconds" if late else f"could not be called: {type(problem).__name__}"
        )
        raise CallFailed(f"{host} {why}") from problem
    finally:
        guard.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was looked at, in the name of its host."""

    def __init__(self, host: str, port: int, address: str, limit_s: float, *, secure: bool) -> None:
        super().__init__(host, port, timeout=limit_s)
        self._address, self._secure = address, secure
        self.hung_up = False

    def connect(self) -> None:
        """To the address; TLS is for the host's name, as always."""
        made = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = made
        if self.hung_up:
            raise TimeoutError("too late")
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(made, server_hostname=self.host)

    def hang_up(self) -> None:
        """End it from another thread: whoever reads is woken."""
        self.hung_up = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


def _target(url: str) -> tuple[str, int, str, bool]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise CallRefused(f"the address cannot be read: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise CallRefused("the address must be http:// or https:// with a host, and without a name or password")
    if any(character <= " " or character == "\x7f" for character in url):
        raise CallRefused("the address holds blanks or control characters")
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.hostname.lower(), port or (443 if secure else 80), path, secure


def _matches(host: str, port: int, entries: Collection[str]) -> bool:
    return any(
        entry in (host, f"{host}:{port}") or (entry.startswith("*.") and host.endswith(entry[1:])) for entry in entries
    )


def _address(host: str, port: int, *, may_be_private: bool) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CallFailed(f"the host {host} is not known") from error
    addresses = [str(one[4][0]) for one in found]
    for text in addresses:
        if not may_be_private and not _is_public(text):
            raise CallRefused(
                f"the host {host} has the address {text}, which is not public (MINGJING_HTTP_PRIVATE_HOSTS)"
            )
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        # An address of the other family may be wrapped in one of these.
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
        if address in ipaddress.ip_network("64:ff9b::/96"):
            return False
    return address.is_global and not address.is_multicast
