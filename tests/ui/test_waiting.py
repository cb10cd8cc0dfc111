"""A call whose client is gone ends, at the next step of its work."""

from contextvars import copy_context
from types import SimpleNamespace

import gradio as gr
import pytest
from gradio.context import LocalContext

from segui.settings import Settings
from segui.ui.api.endpoints import Endpoints
from tests.ui.test_option_surfaces import OneModel


def asked(event, models, pictures, name="composite", **options):
    """A call by Gradio's queue, whose record of it is the event."""
    files = [{"path": str(pictures / file)} for file in ("photo.png", "face.png")]
    calls = Endpoints(Settings(device="cpu"), models, pictures)

    def call():
        LocalContext.event_id.set("1")
        LocalContext.blocks.set(SimpleNamespace(_queue=SimpleNamespace(event_ids_to_events=known)))
        return getattr(calls, name)(files[0], files[1:], **options)

    known = {} if event is None else {"1": event}
    return copy_context().run(call)


class Leaving(OneModel):
    """A model whose client is gone once it has looked at something."""

    def __init__(self, event) -> None:
        super().__init__()
        score = self.classifier.score

        def leave(crops):
            event.alive = False
            return score(crops)

        self.classifier.score = leave


@pytest.mark.parametrize("event", [SimpleNamespace(alive=True), None], ids=["queue", "elsewhere"])
def test_a_call_that_is_waited_for_is_answered(pictures, event):
    report = asked(event, OneModel(), pictures, "segments")
    assert len(report["segments"]) == 1


def test_a_call_whose_client_left_while_it_waited_reads_nothing(pictures, monkeypatch):
    monkeypatch.setattr("segui.pipeline.open_scene", None)
    with pytest.raises(gr.Error, match=r"^'the client is gone'$"):
        asked(SimpleNamespace(alive=False), OneModel(), pictures, "segments")


def test_a_call_whose_client_leaves_while_areas_are_judged_pastes_nothing(pictures, monkeypatch):
    event = SimpleNamespace(alive=True)
    models = Leaving(event)
    monkeypatch.setattr("segui.rendering.render", None)
    with pytest.raises(gr.Error, match=r"^'the client is gone'$"):
        asked(event, models, pictures, effect="blur")
    assert len(models.classifier.sizes) == 1
