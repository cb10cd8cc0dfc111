"""JSON from anywhere: read within a limit, and refused in sentences."""

import json
from typing import Any

from segui.errors import InputError, shown

__all__ = ["read_json", "shown"]


def read_json(data: str | bytes, name: str, *, max_bytes: int) -> Any:
    """Parse JSON that anybody may have written.

    Args:
        data: The text, or its bytes in UTF-8.
        name: What the messages call it.
        max_bytes: Most bytes, or characters of a text.

    Returns:
        What ``json.loads`` gives; ``NaN`` and infinities are let through as floats.

    Raises:
        InputError: It is too large, no UTF-8, no JSON, or nested too deeply.
    """
    if len(data) > max_bytes:
        raise InputError(
            f"{name} has {len(data) / 1e6:.1f} MB: at most {max_bytes / 1e6:.1f} MB are read"
        )
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not text: expected JSON in UTF-8") from error
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{name} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from error
    except ValueError as error:  # Python refuses to read whole numbers of thousands of digits
        raise InputError(f"{name} is not JSON that can be read: a number is too long") from error
    except RecursionError as error:
        raise InputError(f"{name} is nested too deeply: it cannot be read") from error
