"""Who a server is called by, and from whose pages: what other sites may not do in a visitor's name.

A page of anyone's can send to a server at home: by its address, and by a name of that page's own
that is made to mean this machine ("DNS rebinding"), after which a browser takes both for one site.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

from segui.errors import shown
from segui.ui.guard.refusals import Refusal

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_SPACE: Final = ".hf.space"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# a name or an address and a port, and nothing else: whoever reads more into it, such as a user's
# name, may find another server in it than the one that is looked for here
_PLACE: Final = re.compile(r"(?:([a-z0-9._-]+)|\[([0-9a-f:.]+)\])(?::([0-9]{0,5}))?")
_ORIGIN: Final = re.compile(r"https?://(.+)")
_NUMBERS: Final = re.compile(r"[0-9]+(?:\.[0-9]+){3}")  # which no name has
_LAST_PORT: Final = 65535


@dataclass(frozen=True)
class Names:
    """What a server may be called.

    Args:
        host: Where it listens; empty where that is not known.
        allowed: Names beside it; ``*.example.org`` is every name below that.
        on_space: Whether a Space's proxy stands before it, which says by which name it was asked.
    """

    host: str = ""
    allowed: tuple[str, ...] = ()
    on_space: bool = False

    @property
    def are_checked(self) -> bool:
        """Whether any other name is refused: where only this machine can ask, or by a setting."""
        return not self.on_space and (bool(self.allowed) or self.host.lower() in LOOPBACK)


def host_refusal(headers: Mapping[str, str], names: Names) -> Refusal | None:
    """What is wrong with the name that a server is asked by; None where nothing is.

    Args:
        headers: The request's, by their names in small letters.
        names: What it may be called.
    """
    said = headers.get("host", "")
    name = name_of(said)
    if not names.are_checked:
        if name or not said:  # old programs say none
            return None
        expected = "expected a name or an address, with a port at most"
        return Refusal(400, f"Host is {shown(said)}: {expected}")
    if name in LOOPBACK | {names.host.lower()} or _fits(name, names.allowed):
        return None
    expected = "expected localhost, or a name of SEGUI_ALLOWED_HOSTS"
    return Refusal(403, f"this server is not called {shown(said)}: {expected}")


def origin_refusal(method: str, headers: Mapping[str, str], names: Names) -> Refusal | None:
    """Why a page may not send anything here; None where it may.

    Args:
        method: Such as POST.
        headers: The request's; without an origin it is a program's, and no page's.
        names: What the server may be called.
    """
    origin = headers.get("origin")
    if origin is None or method in _SAFE:
        return None
    there = _place(origin)
    if there and (there in _own(headers, names) or _fits(name_of(there), names.allowed)):
        return None
    expected = "expected one of this server's own"
    return Refusal(403, f"a page of {shown(origin)} may send nothing here: {expected}")


def is_own(place: str, host: str, names: Names) -> bool:
    """Whether a name that is said beside ``Host`` is the server's, whoever says it.

    Args:
        place: The name, and a port where there is one.
        host: What ``Host`` says.
        names: What the server may be called.
    """
    name = name_of(place)
    is_spaces = names.on_space and name.endswith(_SPACE)
    return bool(name) and (place.lower() == host.lower() or is_spaces or _fits(name, names.allowed))


def name_of(place: str) -> str:
    """A name without its port and in small letters; empty where there is more, or none.

    >>> name_of("[::1]:7860"), name_of("Localhost.:80"), name_of("evil@localhost")
    ('::1', 'localhost', '')
    """
    found = _PLACE.fullmatch(place.lower())
    if found is None or int(found[3] or 0) > _LAST_PORT:
        return ""
    name = (found[1] or "").removesuffix(".")
    try:
        if found[2]:
            return str(IPv6Address(found[2]))
        return str(IPv4Address(name)) if _NUMBERS.fullmatch(name) else name
    except AddressValueError:
        return ""


def _own(headers: Mapping[str, str], names: Names) -> Iterable[str]:
    yield headers.get("host", "").lower()
    forwarded = headers.get("x-forwarded-host", "").lower()
    if names.on_space and name_of(forwarded).endswith(_SPACE):
        yield forwarded


def _place(origin: str) -> str:
    """The name and the port of an origin; empty where it has none, as ``null``."""
    found = _ORIGIN.fullmatch(origin.lower())
    return found[1] if found and name_of(found[1]) else ""


def _fits(name: str, allowed: Iterable[str]) -> bool:
    return any(
        name.endswith(each[1:]) if each.startswith("*.") else name == each
        for each in (one.lower() for one in allowed)
    )
