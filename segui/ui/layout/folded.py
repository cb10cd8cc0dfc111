"""Sections of the page that are folded until somebody asks for them."""

from typing import Any

import gradio as gr


def folded(title: str, kind: str = "more", **others: Any) -> gr.Accordion:
    """A section that is folded at first, though all in it is there from the start.

    Gradio makes what is in a closed section when it is unfolded, and a frame later sets it to its
    first values: over what was typed or chosen meanwhile, on a busy machine some moments later. So
    it is made open and hidden, until the browser has folded it: see page.js.

    Args:
        title: Its title.
        kind: Its class.
        others: Of the accordion.
    """
    return gr.Accordion(title, open=True, elem_classes=f"{kind} folded-at-first", **others)
