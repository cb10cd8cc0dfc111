"""The ids of everything on the page that styles, scripts and tests reach for."""

from typing import Final

# 1 Photo
PHOTO: Final = "photo"
PHOTO_CARD: Final = "photo-card"
REFERENCE: Final = "reference"
REFERENCE_CARD: Final = "reference-card"
REMOVE_REFERENCE: Final = "remove-reference"
SETTINGS_FILE: Final = "settings-file"
SETTINGS_NOTES: Final = "settings-notes"
FRESH: Final = "fresh"
EXAMPLES: Final = "examples"

# 2 Areas
MASKS: Final = "masks"
MASK_LIST: Final = "mask-list"
PAINT: Final = "paint"
GROW: Final = "grow"
FILL_HOLES: Final = "fill-holes"
ORDER: Final = "order"
MASK_KIND: Final = "mask-kind"
CROP_FACTOR: Final = "crop-factor"
DROP_SIZE: Final = "drop-size"
COMBINED: Final = "combined"
BBOX_FILL: Final = "bbox-fill"
CONTOUR_FILL: Final = "contour-fill"
INVERT: Final = "invert"
SCALE: Final = "scale"
NOTES: Final = "notes"

# 3 Choose
CLASSIFIER: Final = "classifier"
REPO: Final = "repo"
DEVICE: Final = "device"
REVISION: Final = "revision"
CONTEXT: Final = "context"
NAMES: Final = "names"
TEMPLATE: Final = "template"
CLASSIFIER_NOTE: Final = "classifier-note"
BUILDER: Final = "builder"
HELP: Final = "help"
PRESET: Final = "preset"
EXPRESSION: Final = "expression"
EXPRESSION_ERROR: Final = "expression-error"
LABELS: Final = "labels"
ON_UNKNOWN: Final = "on-unknown"

# 4 Paste
EFFECT: Final = "effect"
EFFECT_ON: Final = "effect-on"
STRENGTH: Final = "strength"
COLOUR: Final = "colour"
FEATHER: Final = "feather"
ALPHA: Final = "alpha"
EDGE: Final = "edge"
COMFYUI: Final = "comfyui"
PRIVACY: Final = "privacy"

# What comes out
PROBLEM: Final = "problem"
RESULT: Final = "result"
STATUS: Final = "status"
CANCEL: Final = "cancel"
DETAIL: Final = "detail"
INSET: Final = "inset"
TAKES: Final = {
    "mask": "take-mask",
    "cutouts": "take-cutouts",
    "scores": "take-scores",
    "recipe": "take-recipe",
}
DOWNLOAD: Final = "download"
DOWNLOAD_FILE: Final = "download-file"
FILTERED: Final = "filtered"
REVIEW: Final = "review"
REMAINED: Final = "remained"
TABLE: Final = "table"
