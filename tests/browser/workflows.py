"""A workflow of ComfyUI that a page is given, in a file of its own or in a picture."""

RULE = "blue > 0.5"  # area 3 of the tiles is three fifths blue
# as it was queued: {node: {class_type, inputs}}
PROMPT = {
    "1": {"class_type": "LoadImage", "inputs": {"image": "photo.png"}},
    "2": {
        "class_type": "MaskToSEGS",
        "inputs": {"mask": ["1", 1], "combined": False, "crop_factor": 1.5, "drop_size": 30},
    },
    "3": {
        "class_type": "ImpactSEGSClassify",
        "inputs": {"segs": ["2", 0], "preset_expr": "Manual expr", "manual_expr": RULE},
    },
    "4": {"class_type": "SEGSPaste", "inputs": {"segs": ["3", 0], "feather": 12, "alpha": 200}},
}
