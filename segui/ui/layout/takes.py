"""What can be taken away beside the result: in groups by what it is for, each folded."""

from typing import Final

import gradio as gr

from segui.ui.layout import ids
from segui.ui.layout.folded import folded
from segui.ui.layout.html_component import piece

# by what one goes on with: somebody who looks for a file knows that, not every format
GROUPS: Final = {
    "For image editors": {
        "psd": "Layers PSD",
        "layers": "Layers ORA",
        "mask": "Mask PNG",
    },
    "For datasets": {
        "label_map": "Label map PNG",
        "coco": "COCO JSON",
        "yolo": "YOLO ZIP",
        "labelme": "labelme JSON",
        "panoptic": "Panoptic ZIP",
        "scores": "Scores CSV",
        "cutouts": "Cut-outs ZIP",
    },
    "To go on later": {
        "project": "Project ZIP",
        "recipe": "Recipe JSON",
        "link": "Copy link",
    },
}

# what whoever presses a button has to know; a phone shows no titles
_ABOUT: Final = {"To go on later": "In a project the photo is as it came: nothing is hidden."}


def other_takes() -> tuple[gr.Button, dict[str, gr.Button]]:
    """The buttons of what else can be taken away.

    Returns:
        What gives the result to another app, and the others by what they give.
    """
    with gr.Row(elem_id=ids.TAKES_ROW):
        piece('<p class="quiet">Also take away</p>')
        share = _button("Share", ids.SHARE)
        takes = {"copy": _button("Copy picture", ids.TAKES["copy"])}
    with gr.Row(elem_id=ids.TAKE_GROUPS):
        for title, kinds in GROUPS.items():
            with folded(title, "more take-group"):
                with gr.Row():
                    takes |= {
                        kind: _button(words, ids.TAKES[kind]) for kind, words in kinds.items()
                    }
                if about := _ABOUT.get(title):
                    piece(f'<p class="quiet">{about}</p>')
    return share, takes


def _button(words: str, elem_id: str) -> gr.Button:
    return gr.Button(words, size="sm", interactive=False, scale=0, min_width=60, elem_id=elem_id)
