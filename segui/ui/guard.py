"""What reaches the user when a handler fails: a sentence, and nothing on the page is lost."""

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

from segui.errors import ExpressionError, SeguiError
from segui.ui.layout.components import Parts
from segui.ui.state import Work
from segui.ui.view import html

Updates = dict[Any, Any]

_LOG = logging.getLogger("segui")
SORRY = (
    "Something went wrong here, and it is not your fault. "
    "Your pictures and settings are still as they were."
)


class HasParts(Protocol):
    """Whatever knows the page's components."""

    @property
    def parts(self) -> Parts:
        """The components."""
        ...


LOST = (
    "This page was away for too long, or the server was started anew: your pictures are gone from "
    "it. Reload the page and add them again; your options are kept."
)
P = ParamSpec("P")
Owner = TypeVar("Owner", bound=HasParts)


def guarded_steps(
    handler: Callable[Concatenate[Owner, P], Iterator[Updates]],
) -> Callable[Concatenate[Owner, P], Iterator[Updates]]:
    """The same for a handler that tells its progress step by step."""

    @wraps(handler)
    def told(self: Owner, *args: P.args, **kwargs: P.kwargs) -> Iterator[Updates]:
        if _is_lost(args):
            yield _told(self, LOST)
            return
        running = handler(self, *args, **kwargs)

        @guarded
        def go_on(_: Owner) -> Updates:
            return next(running, {})

        while step := go_on(self):
            yield step

    return cast("Callable[Concatenate[Owner, P], Iterator[Updates]]", told)


def guarded(
    handler: Callable[Concatenate[Owner, P], Updates],
) -> Callable[Concatenate[Owner, P], Updates]:
    """Turn what a handler raises into a sentence; a bug keeps its traceback in the log."""

    @wraps(handler)
    def told(self: Owner, *args: P.args, **kwargs: P.kwargs) -> Updates:
        if _is_lost(args):
            return _told(self, LOST)
        try:
            return handler(self, *args, **kwargs)
        except ExpressionError as error:
            return {self.parts.choose.error: html.expression_error(error)}
        except SeguiError as error:
            return _told(self, str(error))
        except Exception:  # noqa: BLE001  logged with its traceback
            _LOG.exception("a handler failed: %s", handler.__name__)
            return _told(self, SORRY)

    return cast("Callable[Concatenate[Owner, P], Updates]", told)


def _is_lost(args: Sequence[object]) -> bool:
    """Whether the session of a page that is open was forgotten: nothing of it must be told."""
    return any(isinstance(arg, Work) and arg.is_lost for arg in args)


def _told(owner: HasParts, sentence: str) -> Updates:
    """A sentence; the picture's frame does not wait any more."""
    outcome = owner.parts.outcome
    return {outcome.problem: html.problem(sentence), outcome.result: {}}
