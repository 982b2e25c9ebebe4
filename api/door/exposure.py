"""The noun Exposure: who can connect, and so who has to show a key."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Exposure:
    """What is asked of a request.

    Attributes:
        keys_needed: every request has to show a key.
        this_machine_only: nobody else can connect, so whoever asks may do everything; what a
            browser could be tricked into is refused by the names in the request.
    """

    keys_needed: bool
    this_machine_only: bool


def exposure_of(settings: Settings, address: str) -> Exposure:
    """Return what `settings.keys` means for a server that is bound to an IP address."""
    if settings.keys == "auto":
        local = is_loopback(address)
        return Exposure(keys_needed=not local, this_machine_only=local)
    return Exposure(keys_needed=settings.keys == "required", this_machine_only=False)


def is_loopback(host: str) -> bool:
    """Tell whether a name or address always means this machine."""
    name = host.lower().removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def client_of(address: str) -> str:
    """Return whom an address stands for: itself, or for IPv6 the /64 that one customer has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


@dataclass(frozen=True, slots=True)
class Names:
    """The names under which a server may be asked, from its settings."""

    public_host: str
    public_origin: str
    listed: frozenset[str]

    @classmethod
    def of(cls, settings: Settings) -> Names:
        """Return the host of the public URL, and the origins of welcome front ends."""
        public = urlsplit(settings.public_url)
        origin = f"{public.scheme}://{public.netloc}".lower() if public.netloc else ""
        listed = {part.strip().rstrip("/").lower() for part in settings.cors_origins.split(",")}
        return cls((public.hostname or "").lower(), origin, frozenset(listed - {"", "*"}))

    def is_ours(self, host: str) -> bool:
        """Tell whether a Host header names this machine or the public URL."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return is_loopback(name) or (bool(name) and name == self.public_host)

    def is_welcome(self, origin: str, host: str) -> bool:
        """Tell whether a page of this origin may have the server do something."""
        lowered, own = origin.lower(), host.lower()
        named = lowered.partition("://")[2]
        return lowered in {*self.listed, self.public_origin} or (bool(own) and named == own)
