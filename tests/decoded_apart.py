"""Fixtures that decode all pictures of a module's tests apart, whoever asks for them."""

import pytest

from segui.images import opening
from segui.images.apart.decoder import SeparateDecoder


@pytest.fixture(scope="module")
def decoder():
    decoder = SeparateDecoder()
    yield decoder
    decoder.end()


@pytest.fixture(autouse=True)
def _apart(decoder, monkeypatch):
    monkeypatch.setattr(opening, "_decoder", lambda _limits: decoder)
