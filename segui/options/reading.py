"""Values for options: read strictly, as a page means them, or one by one with what is refused."""

from collections.abc import Iterable, Mapping
from typing import Any

from segui.errors import InputError, shown
from segui.expression.suggest import suggest
from segui.options.all_options import OPTIONS
from segui.options.kinds import LONGEST_NAME, Colour
from segui.options.suited import (
    only_values,
    tidy_strength,
    unsuited_strength,
    unsuited_values,
)


def default_values(**others: Any) -> dict[str, Any]:
    """The value of every option where nobody has said another one.

    Args:
        others: Values to have in place of the table's, such as a server's own classifier.

    Raises:
        InputError: One of these is unknown or cannot be taken.
    """
    return {name: option.default for name, option in OPTIONS.items()} | read_options(others)


def read_option(name: str, value: object) -> Any:
    """A value for one option, checked.

    Args:
        name: The option's name.
        value: What a file or a program says.

    Raises:
        InputError: There is no such option, or it cannot take the value.

    >>> read_option("feathr", 5)
    Traceback (most recent call last):
    ...
    segui.errors.InputError: there is no option 'feathr': did you mean 'feather'?
    """
    option = OPTIONS.get(name)
    if option is None:
        raise InputError(no_such(name, OPTIONS))
    return option.read(value)


def no_such(name: str, known: Iterable[str], sort: str = "option") -> str:
    """The sentence that there is no such name, with the nearest one.

    Args:
        name: The name that there is not.
        known: Those that there are.
        sort: What the sentence calls it.
    """
    near = suggest(name, known) if len(name) <= LONGEST_NAME else None
    return f"there is no {sort} {shown(name)}" + (f": did you mean {near!r}?" if near else "")


def read_options(values: Mapping[str, object]) -> dict[str, Any]:
    """Values by name, checked one by one and together.

    Args:
        values: What is said; options that are not named are not looked at.

    Returns:
        The same names with their values as the engine has them.

    Raises:
        InputError: A name is unknown, or a value cannot be taken; the first one is told.
    """
    read = {name: read_option(name, value) for name, value in values.items()}
    for sentence in unsuited(read).values():
        raise InputError(sentence)
    return read


def clean_options(values: Mapping[str, Any]) -> dict[str, Any]:
    """The page's values as a recipe holds them.

    A number box may be empty, or hold more than the page takes, and the colour picker writes
    ``rgba(...)``: what the page makes of them is what counts.

    Args:
        values: What the controls say, by name.

    Returns:
        Those that say something, numbers within their range.

    Raises:
        InputError: A control says what it cannot.
    """
    cleaned = {name: _tidied(name, value) for name, value in values.items() if value is not None}
    if "strength" in cleaned:
        cleaned["strength"] = tidy_strength(cleaned.get("effect", ""), cleaned["strength"])
    for name, only in only_values(cleaned.get("effect", "")).items():
        if name in cleaned:
            cleaned[name] = only
    return {name: read_option(name, value) for name, value in cleaned.items()}


def split_options(values: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, str]]:
    """What can be used of what controls say, and why the rest cannot.

    None is the default: a number box that was emptied says nothing. A colour is taken as the
    colour picker writes it.

    Args:
        values: What the controls say, by name.

    Returns:
        Values by name, and for what is refused the sentence by name; no name is in both.
    """
    good: dict[str, Any] = {}
    refused: dict[str, str] = {}
    for name, value in values.items():
        try:
            good[name] = _as_meant(name, value)
        except InputError as error:
            refused[name] = str(error)
    for name, sentence in unsuited(good).items():
        refused[name] = sentence
        del good[name]
    return good, refused


def take_options(
    last: Mapping[str, Any], values: Mapping[str, object]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The options in force once controls have said something.

    Args:
        last: Those in force before, every one of them.
        values: What the controls say, by name.

    Returns:
        Every option's value, of which each can be used and all go together, and for what is
        refused the sentence by name: there the last value stays, or, where it does not go with
        another one that was said, the default.
    """
    good, refused = split_options(values)
    taken = {**last, **good}
    for name, sentence in unsuited(taken).items():
        refused.setdefault(name, sentence)
        taken[name] = last[name]
    for name in unsuited(taken):
        taken[name] = OPTIONS[name].default
    return taken, refused


def stored_options(said: object) -> dict[str, Any]:
    """What can be used of the options that a browser kept; its word is checked like anybody's.

    Args:
        said: What it kept: values by name. Anything else says nothing.

    Returns:
        The values that can be used, by name; the others are dropped.
    """
    return split_options(said)[0] if isinstance(said, dict) else {}


def unsuited(values: Mapping[str, Any]) -> dict[str, str]:
    """Which values do not go with the others, by name, each with a sentence.

    Args:
        values: Values that were read one by one.
    """
    effect = values.get("effect", "")
    strength = unsuited_strength(effect, values.get("strength", 0))
    told = {"strength": strength} if strength else {}
    return told | unsuited_values(effect, values)


def _as_meant(name: str, value: object) -> Any:
    """What a control says, where an empty one says the default."""
    option = OPTIONS.get(name)
    if option is not None and value is None:
        return option.default
    if option is not None and isinstance(option.kind, Colour):
        value = option.kind.tidy(value)
    return read_option(name, value)


def _tidied(name: str, value: Any) -> Any:
    option = OPTIONS.get(name)
    return value if option is None else option.kind.tidy(value)
