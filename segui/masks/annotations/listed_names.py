"""Names of classes in the files of training programs: ``data.yaml`` and ``label_map.pbtxt``."""

import re
from typing import Final

from segui.masks.annotations.yolo import numbered_names, yaml_names
from segui.masks.legends.reading import Legend

_ITEM: Final = re.compile(r"\bitem\s*\{([^{}]*)\}")
_ID: Final = re.compile(r"\bid\s*:\s*(\d{1,9})")
_NAME: Final = re.compile(r"\bname\s*:\s*(?:\"([^\"]*)\"|'([^']*)')")
_DISPLAYED: Final = re.compile(r"\bdisplay_name\s*:\s*(?:\"([^\"]*)\"|'([^']*)')")


def yaml_legend(text: str) -> Legend | None:
    r"""The names of a ``data.yaml``; None where it has none.

    >>> yaml_legend("nc: 2\nnames:\n  0: car\n  1: bus\n").by_number
    {0: 'car', 1: 'bus'}
    """
    names = yaml_names(text)
    # a list of any program's, whose first number its first name says
    is_list_alone = text.lstrip().startswith(("names", "nc", "#")) and "[" in text
    if not names or is_list_alone:
        return None
    return Legend(names, note="" if numbered_names(text) else "its names are counted from 0")


def label_map_legend(text: str) -> Legend | None:
    """The names of a label map as TensorFlow's detectors have it; None where it is none.

    >>> label_map_legend("item { id: 1 name: '/m/01g317' display_name: 'Person' }").by_number
    {1: 'Person'}
    """
    found: dict[int, str] = {}
    for item in _ITEM.findall(text):
        number = _ID.search(item)
        name = _DISPLAYED.search(item) or _NAME.search(item)
        if number is not None and name is not None:
            found.setdefault(int(number[1]), (name[1] or name[2] or "").strip())
    return Legend(found, note="of TensorFlow's kind") if found else None
