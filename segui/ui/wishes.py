"""The controls' values, as the page sends them, and as the engine wants them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from segui.classifiers.choice import choice_of
from segui.options import OPTIONS, Number, clean_options
from segui.options import default_values as default_options
from segui.ui.layout.components import Parts
from segui.ui.state import Wishes

if TYPE_CHECKING:
    from segui.pipeline import PasteOptions

_PASTE = tuple(name for name, option in OPTIONS.items() if option.part == "paste")


def wish_components(parts: Parts) -> dict[str, Any]:
    """The controls whose values make up the wishes, by name, in the order they are sent in."""
    return parts.options


def paste_components(parts: Parts) -> dict[str, Any]:
    """Those of them that say how it is pasted.

    Before and after each event, the browser tells every control that the event sends: a slider's
    sends these alone.
    """
    return dict(parts.paste.options)


def default_values(classifier: str, device: str) -> dict[str, Any]:
    """What every control says on a page without an example."""
    return default_options(classifier=classifier, device=device)


def read_wishes(names: Sequence[str], values: Sequence[Any]) -> Wishes:
    """What the controls ask for.

    Args:
        names: The controls' names.
        values: What each of them says.

    Raises:
        InputError: A control says what it cannot.
    """
    return wishes_of(dict(zip(names, values, strict=True)))


def wishes_of(said: Mapping[str, Any]) -> Wishes:
    """What the controls ask for, from their values by name.

    Raises:
        InputError: A control says what it cannot.
    """
    from segui.pipeline import PasteOptions, SegmentOptions

    values = _in_force(said)
    return Wishes(
        segments=SegmentOptions.of(values),
        classifier=choice_of(values),
        expression=values["expression"],
        on_unknown=values["on_unknown"],
        paste=PasteOptions.of(values),
    )


def paste_of(said: Mapping[str, Any]) -> "PasteOptions":
    """How it is to be pasted, from the values of `paste_components` by name.

    Raises:
        InputError: A control says what it cannot.
    """
    from segui.pipeline import PasteOptions

    return PasteOptions.of(_in_force({name: said[name] for name in _PASTE}))


def _in_force(said: Mapping[str, Any]) -> dict[str, Any]:
    """The values; a box that was emptied says the default, a slider is taken within its range.

    Raises:
        InputError: A number box is out of its range, or another control says what it cannot.
    """
    for name, value in said.items():
        option = OPTIONS[name]
        if isinstance(option.kind, Number) and option.slider_most is None and value is not None:
            option.read(value)
    empty = {name: OPTIONS[name].default for name, value in said.items() if value is None}
    return {**empty, **clean_options(said)}
