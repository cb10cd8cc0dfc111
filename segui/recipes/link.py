"""A recipe in the part of an address that no server is told: behind its ``#``."""

import base64
import binascii
import json
import zlib
from typing import Final

from segui.errors import InputError
from segui.recipes.reading import read_recipe
from segui.recipes.recipe import Recipe
from segui.recipes.writing import recipe_json

MAX_CHARACTERS: Final = 16_000  # what is longer, many a mail or chat cuts
_MAX_BYTES: Final = 1_000_000  # of its text; a recipe of a link is at most a tenth of that
_DAMAGED: Final = "the link's recipe is damaged: copy the whole link once more"


def link_of(recipe: Recipe) -> str:
    """A recipe as letters, digits, ``-`` and ``_``.

    Raises:
        InputError: It is too long for a link, as with what was painted.
    """
    text = json.dumps(json.loads(recipe_json(recipe)), separators=(",", ":"), sort_keys=True)
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    if len(packed) > MAX_CHARACTERS:
        painted = "" if recipe.painted is None and not recipe.strokes else ", with what was painted"
        raise InputError(
            f"the recipe has {len(packed)} characters as a link{painted}: at most {MAX_CHARACTERS}"
            " fit. Take it away as a file"
        )
    return packed


def read_link(text: str, *, max_megapixels: float = 50.0) -> Recipe:
    """Read a recipe out of a link from hostile hands.

    Args:
        text: What ``link_of`` gave.
        max_megapixels: Largest painted picture, in millions of pixels.

    Raises:
        InputError: It is too long, damaged, or no recipe.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            f"the link's recipe has {len(text)} characters: at most {MAX_CHARACTERS} are read"
        )
    unpacking = zlib.decompressobj()
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        data = unpacking.decompress(packed, _MAX_BYTES)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise InputError(_DAMAGED) from error
    if unpacking.unconsumed_tail:
        raise InputError(
            f"the link's recipe is larger than {_MAX_BYTES / 1e6:g} MB: it is not read"
        )
    if not unpacking.eof:
        raise InputError(_DAMAGED)
    return read_recipe(data, max_megapixels=max_megapixels)
