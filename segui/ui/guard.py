"""What reaches the user when a handler fails: a sentence, and nothing on the page is lost."""

import logging
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

from segui.errors import ExpressionError, SeguiError
from segui.ui import html
from segui.ui.parts import Parts

Updates = dict[Any, Any]

_LOG = logging.getLogger("segui")
_SORRY = (
    "Something went wrong here, and it is not your fault. "
    "Your pictures and settings are still as they were."
)


class HasParts(Protocol):
    """Whatever knows the page's components."""

    @property
    def parts(self) -> Parts:
        """The components."""
        ...


P = ParamSpec("P")
Owner = TypeVar("Owner", bound=HasParts)


def guarded_steps(
    handler: Callable[Concatenate[Owner, P], Iterator[Updates]],
) -> Callable[Concatenate[Owner, P], Iterator[Updates]]:
    """The same for a handler that tells its progress step by step."""

    @wraps(handler)
    def told(self: Owner, *args: P.args, **kwargs: P.kwargs) -> Iterator[Updates]:
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
        try:
            return handler(self, *args, **kwargs)
        except ExpressionError as error:
            return {self.parts.choose.error: html.expression_error(error)}
        except SeguiError as error:
            return {self.parts.outcome.problem: html.problem(str(error))}
        except Exception:  # noqa: BLE001  logged with its traceback
            _LOG.exception("a handler failed: %s", handler.__name__)
            return {self.parts.outcome.problem: html.problem(_SORRY)}

    return cast("Callable[Concatenate[Owner, P], Updates]", told)
