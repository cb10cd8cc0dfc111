"""A page of nothing but the rule builder, which writes down each event that it gets.

Started by the tests in place of ``app.py``.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import gradio as gr
import torch

from segui import Segment, Segments, SeguiError
from segui.geometry import Box
from segui.selection import Selection, select
from segui.session.rule_writing import texts_after
from segui.ui.browser.assets import asset
from segui.ui.layout.html_component import piece
from segui.ui.layout.theme import make_theme
from segui.ui.view.messages import BuilderValue
from segui.ui.view.rule_builder import TEMPLATE, builder_script, builder_value

FIRST_RULE = "red > 50%"
REGION = Box(0, 0, 2, 2)
ODD = ("", "tabby, tabby cat", "and", "caf\u00e9", "cafe\u0301")
# one area for each tenth, and the last one not judged
SCORES = [
    *(
        {
            "red": n / 10,
            "sky blue": 0.1,
            "green": round(0.6 - n / 20, 2),
            **{label: 0.05 - place / 100 for place, label in enumerate(ODD)},
        }
        for n in range(10)
    ),
    {},
]


def selection(text: str) -> Selection:
    segments = Segments((8, 8), [Segment(torch.ones(2, 2), REGION, REGION) for _ in SCORES])
    return select(segments, SCORES, text, "review")


def value_of(text: str) -> BuilderValue:
    try:
        chosen = selection(text)
    except SeguiError:
        chosen = selection("*")
    return builder_value(chosen, text)


def build() -> gr.Blocks:
    with gr.Blocks(analytics_enabled=False) as demo:
        part = piece(
            value_of(FIRST_RULE),
            elem_id="builder",
            html_template=TEMPLATE,
            js_on_load=builder_script(),
        )
        rule = gr.Textbox(FIRST_RULE, label="Rule", elem_id="rule")
        log = gr.Textbox("not ready", label="Log", elem_id="log", lines=6)
        empty = gr.Button("Empty", elem_id="empty")

        def changes(name: str) -> Any:
            def change(text: str, said: str, event: gr.EventData) -> tuple[str, str, Any]:
                after = texts_after({"expression": text, "rules": ""}, name, event._data)[
                    "expression"
                ]
                line = json.dumps([name, event._data])
                return after, f"{said}{line}\n", value_of(after)

            return change

        # "multiple": what "always_last" puts off it sends with the data of an earlier event
        for name in ("rule", "join", "threshold"):
            listen = getattr(part, name)
            listen(changes(name), [rule, log], [rule, log, part], trigger_mode="multiple")

        def point(said: str, event: gr.EventData) -> str:
            return said + json.dumps(["select", event._data]) + "\n"

        part.select(point, log, log)
        rule.submit(value_of, rule, part)
        demo.load(lambda: "", None, log)  # a page that is only drawn does not listen yet
        empty.click(lambda: builder_value(None, "*"), None, part)
    blocks: gr.Blocks = demo
    return blocks


def main() -> None:
    build().launch(
        server_name=os.environ["HOST"],
        server_port=int(os.environ["PORT"]),
        theme=make_theme(),
        css=asset("styles.css") + asset("builder.css"),
        share=False,
        ssr_mode=False,
    )


if __name__ == "__main__":
    main()
