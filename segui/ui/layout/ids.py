"""The ids of everything on the page that styles, scripts and tests reach for.

An option's control has the option's name, with a hyphen for each underscore.
"""

from typing import Final

# 1 Photo
PHOTO: Final = "photo"
PHOTO_CARD: Final = "photo-card"
REFERENCE: Final = "reference"
REFERENCE_CARD: Final = "reference-card"
REMOVE_REFERENCE: Final = "remove-reference"
STICKER_PICTURE: Final = "sticker-picture"
STICKER_CARD: Final = "sticker-card"
SETTINGS_FILE: Final = "settings-file"
SETTINGS_NOTES: Final = "settings-notes"
OPEN_PHOTO: Final = "open-photo"
TOGETHER: Final = "together"
MINE: Final = "mine"
FRESH: Final = "fresh"
UNDO: Final = "undo"
REDO: Final = "redo"
EXAMPLES: Final = "examples"
SKIPS: Final = "skips"
SHORTCUTS: Final = "shortcuts"
BAR: Final = "bar"

# 2 Areas
MASKS: Final = "masks"
MASK_LIST: Final = "mask-list"
PAINT: Final = "paint"
NOTES: Final = "notes"

# Edits
EDITS: Final = "edits"

# 3 Choose
CLASSIFIER_NOTE: Final = "classifier-note"
BUILDER: Final = "builder"
HELP: Final = "help"
PRESET: Final = "preset"
EXPRESSION_ERROR: Final = "expression-error"
LABELS: Final = "labels"
NAMED_RULES: Final = "named-rules"
RULES_ERROR: Final = "rules-error"

# 4 Paste
COMFYUI: Final = "comfyui"
PRIVACY: Final = "privacy"

# What comes out
WAIT: Final = "wait"
PROBLEM: Final = "problem"
RESULT: Final = "result"
STATUS: Final = "status"
CANCEL: Final = "cancel"
DETAIL: Final = "detail"
INSET: Final = "inset"
TAKES: Final = {
    "mask": "take-mask",
    "cutouts": "take-cutouts",
    "layers": "take-layers",
    "psd": "take-psd",
    "label_map": "take-label-map",
    "coco": "take-coco",
    "yolo": "take-yolo",
    "labelme": "take-labelme",
    "panoptic": "take-panoptic",
    "scores": "take-scores",
    "recipe": "take-recipe",
    "project": "take-project",
    "link": "take-link",
    "copy": "take-copy",
}
TAKES_ROW: Final = "takes"
TAKE_GROUPS: Final = "take-groups"
SAVE: Final = "save"
GIVES: Final = "gives"
DOWNLOAD: Final = "download"
ASK_DOWNLOAD: Final = "ask-download"
QUESTION: Final = "question"
QUESTION_TEXT: Final = "question-text"
DOWNLOAD_ANYWAY: Final = "download-anyway"
HIDE_UNDECIDED: Final = "hide-undecided"
GO_BACK: Final = "go-back"
SHARE: Final = "share"
DOWNLOAD_FILE: Final = "download-file"
FILTERED: Final = "filtered"
REVIEW: Final = "review"
REMAINED: Final = "remained"
TABLE: Final = "table"
