"""A button beside what is said of files or of what was found: the options that change by it."""

from collections.abc import Mapping
from typing import Any, Final

from segui.masks.each import with_own

_OPTIONS: Final = frozenset(
    {
        "mask_kind",
        "turn_photo",
        "turn_masks",
        "invert",
        "leave_out",
        "scale",
        "shrink",
        "keep_labels",
        "padded_masks",
        "align",
        "count_cast",
    }
)


def taken_otherwise(options: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """The options that change.

    Args:
        options: As they are in force.
        data: What the button says: ``option``, ``value``, and ``file`` where it is for one file.

    Returns:
        Those that change, by name; none where the button is another one.
    """
    name, value = str(data.get("option", "")), str(data.get("value", ""))
    if name not in _OPTIONS:
        return {}
    if file := str(data.get("file") or ""):

        def changed(own: Any) -> Any:
            return _changed(name, options[name] if own is None else own, value)

        return {"each_mask": with_own(str(options["each_mask"]), file, name, changed)}
    return {name: _changed(name, options.get(name), value)}


def _changed(name: str, before: Any, value: str) -> Any:
    """What an option is then: some are turned round, and labels that are left out add up."""
    if name == "invert":
        return not before
    if name in ("scale", "shrink", "align", "count_cast"):
        return True
    if name == "leave_out":
        return f"{before}, {value}" if before and value else value
    return value
