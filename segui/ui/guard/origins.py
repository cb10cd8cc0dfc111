"""Who a server is called by, and from whose pages: what other sites may not do in a visitor's name.

A page of anyone's can send to a server at home: by its address, and by a name of that page's own
that is made to mean this machine ("DNS rebinding"), after which a browser takes both for one site.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from segui.errors import shown
from segui.ui.guard.refusals import Refusal

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_SPACE: Final = ".hf.space"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


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
    known = LOOPBACK | {names.host.lower()}
    if not names.are_checked or _name(said) in known or _fits(_name(said), names.allowed):
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
    if there and (there in _own(headers, names) or _fits(_name(there), names.allowed)):
        return None
    expected = "expected one of this server's own"
    return Refusal(403, f"a page of {shown(origin)} may send nothing here: {expected}")


def _own(headers: Mapping[str, str], names: Names) -> Iterable[str]:
    yield headers.get("host", "").lower()
    forwarded = headers.get("x-forwarded-host", "").lower()
    if names.on_space and _name(forwarded).endswith(_SPACE):
        yield forwarded


def _place(origin: str) -> str:
    """The name and the port of an origin; empty where it has none, as ``null``."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _name(place: str) -> str:
    """A name without its port and in small letters.

    >>> _name("[::1]:7860"), _name("Localhost.:80"), _name("")
    ('::1', 'localhost', '')
    """
    try:
        return (urlsplit(f"//{place}").hostname or "").removesuffix(".")
    except ValueError:
        return ""


def _fits(name: str, allowed: Iterable[str]) -> bool:
    return any(
        name.endswith(each[1:]) if each.startswith("*.") else name == each
        for each in (one.lower() for one in allowed)
    )
