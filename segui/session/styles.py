"""Several controls set at once, for one purpose."""

from typing import Any, Final

STYLES: Final[dict[str, dict[str, Any]]] = {
    # what the reference nodes do: their crops, their order, their edge
    "comfyui": {
        "crop_factor": 3.0,
        "order": "contour",
        "fade": "",
        "edge": "impact",
        "blend": "normal",
        "fit": "as is",
        "effect_on": "filtered",
        "on_unknown": "remain",
    },
    # nothing of an area shows through, and what nobody could decide on is covered too
    "privacy": {
        "effect": "hide",
        "effect_on": "filtered",
        "strength": 0,
        "grow": 6,
        "fill_holes": True,
        "feather": 8,
        "alpha": 255,
        "fade": "",
        "edge": "outward",
        "blend": "normal",
        "fit": "as is",
        "on_unknown": "filter",
    },
}
