"""How often one session and one network address may ask."""

import ipaddress
import math
import time

import limits
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request

from channels.web import refusals

_SESSION, _ADDRESS = "session", "address"
_IPV6_HOUSEHOLD = 64  # one customer gets at least a /64, so its addresses count as one


class RateLimits:
    """Two moving windows, kept in this process's memory.

    Args:
        session: rate of one session, like `20/minute`.
        address: rate of one network address.
    """

    def __init__(self, session: str, address: str) -> None:
        self._rates = {_SESSION: limits.parse(session), _ADDRESS: limits.parse(address)}
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def count_address(self, address: str) -> None:
        """Count a request of `address`.

        Raises:
            Refused: if it is one too many.
        """
        self._count(_ADDRESS, address)

    def count_session(self, session_id: str) -> None:
        """Count a message of a session.

        Raises:
            Refused: if it is one too many.
        """
        self._count(_SESSION, session_id)

    def _count(self, name: str, key: str) -> None:
        rate = self._rates[name]
        if not self._windows.hit(rate, name, key):
            reset = self._windows.get_window_stats(rate, name, key).reset_time
            raise refusals.too_many(max(1, math.ceil(reset - time.time())))


def address_of(request: Request, trusted_proxies: int) -> str:
    """Return the network address that a request counts for.

    Args:
        request: the request.
        trusted_proxies: how many entries at the end of X-Forwarded-For our own proxies wrote;
            what stands before them is the client's own claim.
    """
    peer = request.client.host if request.client else "unknown"
    if not trusted_proxies:
        return _grouped(peer)
    claims = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    chain = [claim.strip() for claim in claims if claim.strip()]
    if not chain:
        return _grouped(peer)
    claimed = chain[max(0, len(chain) - trusted_proxies)]
    try:
        ipaddress.ip_address(claimed)
    except ValueError:
        return _grouped(peer)
    return _grouped(claimed)


def _grouped(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _IPV6_HOUSEHOLD), strict=False))
    return str(parsed)
