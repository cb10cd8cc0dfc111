"""The photo among the pictures that a file names: by its name, or as Roboflow renames it."""

import re
from collections.abc import Sequence
from pathlib import PurePath, PureWindowsPath
from typing import Final

from segui.errors import InputError

# "photo.png" is "photo_png.rf.0123abc.jpg" in what Roboflow exports
_RENAMED: Final = re.compile(r"(?P<stem>.+)_[a-z0-9]{2,5}\.rf\.[a-z0-9]{8,64}")
_OTHER: Final = re.compile(r"[\W_]+")


def stem_of(name: str) -> str:
    r"""A picture's name without its folders, of any system, its ending and its capitals.

    >>> stem_of("a/My Photo.PNG"), stem_of("C:\\a\\my photo.jpg")
    ('my photo', 'my photo')
    """
    return PureWindowsPath(PurePath(name).name).stem.casefold()


def place_of_photo(names: Sequence[object], photo_name: str, file: str) -> int | None:
    """Which of the pictures is the photo, from 0: by its name, or else the only one.

    Args:
        names: What a file calls its pictures; what is no text is no name.
        photo_name: The photo's name.
        file: What messages call the file.

    Returns:
        None where there are no pictures.

    Raises:
        InputError: It is none of several, or several of them are made of it.

    >>> place_of_photo(["sky.jpg", "car_png.rf.0123456789abcdef.jpg"], "car.png", "a.json")
    1
    """
    stems = [stem_of(name) if isinstance(name, str) else "" for name in names]
    own = stem_of(photo_name)
    if own in stems:
        return stems.index(own)
    made = [place for place, stem in enumerate(stems) if _is_made_of(stem, own)]
    if len(made) > 1:
        raise InputError(
            f"{file} has {len(made)} pictures that were made of {photo_name}: expected one of "
            "them as the photo"
        )
    if made:
        return made[0]
    if len(names) > 1:
        raise InputError(f"{file} has {len(names)} pictures, and none is called {photo_name}")
    return 0 if names else None


def _is_made_of(stem: str, own: str) -> bool:
    """Whether one of two pictures was renamed, and the other is what it was made of."""
    is_renamed = any(_RENAMED.fullmatch(one) for one in (stem, own))
    return is_renamed and original(stem) == original(own)


def original(stem: str) -> str:
    """What a picture was called before it was renamed; other characters than letters are one sign.

    Args:
        stem: What ``stem_of`` gives.

    >>> original("my-photo-1-_png.rf.0123456789abcdef") == original("my photo (1)")
    True
    """
    found = _RENAMED.fullmatch(stem)
    return _OTHER.sub("-", found["stem"] if found else stem).strip("-")
