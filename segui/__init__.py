"""segui: edit pictures by segments, chosen by a classifier and pasted with a soft edge.

>>> import torch, segui
>>> mask = torch.zeros(40, 60)
>>> mask[10:30, 5:25] = 1
>>> [tuple(segment.bbox) for segment in segui.segments_from_mask(mask).items]
[(5, 10, 25, 30)]
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from segui._version import __version__ as __version__

if TYPE_CHECKING:
    from segui.backend.effects import apply_effect
    from segui.backend.paste import paste
    from segui.classifiers.base import Classifier, Crop
    from segui.edits import Edit, Edited, apply_edits, read_edits
    from segui.errors import ClassifierError, ExpressionError, InputError, SeguiError
    from segui.expression import Expression, parse, read_rules
    from segui.finders.detections import detections_of, segments_from_detections
    from segui.finders.finding import find
    from segui.finders.regions import (
        segments_from_difference,
        segments_from_labels,
        segments_from_mask,
    )
    from segui.geometry import Box
    from segui.masks.annotations.coco_file import CocoFile
    from segui.recipes.project import Project, read_project, write_project
    from segui.scores.examples import like_these
    from segui.segments.segment import Segment, Segments
    from segui.selection import Selection, classify, fade
    from segui.takeaway.coco import coco_json

__all__ = [
    "Box",
    "Classifier",
    "ClassifierError",
    "CocoFile",
    "Crop",
    "Edit",
    "Edited",
    "Expression",
    "ExpressionError",
    "InputError",
    "Project",
    "Segment",
    "Segments",
    "SeguiError",
    "Selection",
    "apply_edits",
    "apply_effect",
    "classify",
    "coco_json",
    "detections_of",
    "fade",
    "find",
    "like_these",
    "parse",
    "paste",
    "read_edits",
    "read_project",
    "read_rules",
    "segments_from_detections",
    "segments_from_difference",
    "segments_from_labels",
    "segments_from_mask",
    "write_project",
]

# where each name lives: torch is loaded with the first name that needs it, so that a page can
# be served before
_HOMES = {
    "Box": "geometry",
    "Classifier": "classifiers.base",
    "ClassifierError": "errors",
    "CocoFile": "masks.annotations.coco_file",
    "Crop": "classifiers.base",
    "Edit": "edits",
    "Edited": "edits",
    "Expression": "expression",
    "ExpressionError": "errors",
    "InputError": "errors",
    "Project": "recipes.project",
    "Segment": "segments.segment",
    "Segments": "segments.segment",
    "SeguiError": "errors",
    "Selection": "selection",
    "apply_edits": "edits",
    "apply_effect": "backend.effects",
    "classify": "selection",
    "coco_json": "takeaway.coco",
    "detections_of": "finders.detections",
    "fade": "selection",
    "find": "finders.finding",
    "like_these": "scores.examples",
    "parse": "expression",
    "paste": "backend.paste",
    "read_edits": "edits",
    "read_project": "recipes.project",
    "read_rules": "expression",
    "segments_from_detections": "finders.detections",
    "segments_from_difference": "finders.regions",
    "segments_from_labels": "finders.regions",
    "segments_from_mask": "finders.regions",
    "write_project": "recipes.project",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
