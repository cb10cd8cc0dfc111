import logging
import sys

import pytest

from segui.images.apart.decoder import SeparateDecoder
from segui.settings import Settings
from segui.ui.decoding import with_decoder


@pytest.mark.skipif(sys.platform != "linux", reason="decodes apart on Linux alone")
def test_a_servers_settings_say_who_decodes_and_are_the_same_otherwise():
    settings = with_decoder(Settings(max_masks=7, decode_seconds=9, rare_formats=True))
    decoder = settings.decoder
    assert isinstance(decoder, SeparateDecoder)
    assert settings.read_limits.decoder is decoder
    assert (settings.max_masks, settings.read_limits.rare_formats) == (7, True)
    decoder.end()


def test_a_server_that_is_told_to_decodes_in_its_own_process_and_says_nothing(caplog):
    settings = with_decoder(Settings(safe_decoding=False))
    assert settings.read_limits == Settings().read_limits
    assert caplog.records == []


def test_on_another_system_the_log_says_so(monkeypatch, caplog):
    monkeypatch.setattr(sys, "platform", "darwin")
    with caplog.at_level(logging.WARNING, "segui"):
        settings = with_decoder(Settings())
    assert settings.read_limits.decoder is None
    assert [record.getMessage() for record in caplog.records] == [
        "pictures are decoded in the server's own process: apart from it only on Linux"
    ]
