"""The ids of everything on the page that styles, scripts and tests reach for."""

from typing import Final

# 1 Photo
PHOTO: Final = "photo"
PHOTO_CARD: Final = "photo-card"
REFERENCE: Final = "reference"
REFERENCE_CARD: Final = "reference-card"
REMOVE_REFERENCE: Final = "remove-reference"
FRESH: Final = "fresh"
EXAMPLES: Final = "examples"

# 2 Areas
MASKS: Final = "masks"
MASK_LIST: Final = "mask-list"
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
CLASSIFIER_NOTE: Final = "classifier-note"
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

# What comes out
PROBLEM: Final = "problem"
RESULT: Final = "result"
STATUS: Final = "status"
DOWNLOAD: Final = "download"
DOWNLOAD_FILE: Final = "download-file"
FILTERED: Final = "filtered"
REVIEW: Final = "review"
REMAINED: Final = "remained"
TABLE: Final = "table"
