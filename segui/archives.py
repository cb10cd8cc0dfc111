"""Entries of the ZIP files that are written: equal inputs give equal bytes."""

import zipfile
from typing import Final

_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that ZIP knows
_UNIX: Final = 3
_PLAIN_FILE: Final = 0o100644 << 16


def zip_entry(name: str) -> zipfile.ZipInfo:
    """An entry that is stored as it is, and says nothing of when and where it was made.

    Args:
        name: Its name in the archive.
    """
    entry = zipfile.ZipInfo(name, _ZIP_TIME)
    # else Windows would be noted where it is written there; a PNG is compressed already
    entry.create_system, entry.external_attr = _UNIX, _PLAIN_FILE
    return entry
