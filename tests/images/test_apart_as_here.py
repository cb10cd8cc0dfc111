"""What is tested of pictures that are decoded where they are asked for, once more decoded apart."""

import sys

import pytest

from segui.images import opening
from segui.images.apart.decoder import SeparateDecoder
from tests.images.test_formats import *  # noqa: F403  the very tests
from tests.images.test_pictures import *  # noqa: F403
from tests.images.test_structure import *  # noqa: F403
from tests.masks.test_files import *  # noqa: F403

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="decodes apart on Linux alone")


@pytest.fixture(scope="module")
def decoder():
    decoder = SeparateDecoder()
    yield decoder
    decoder.end()


@pytest.fixture(autouse=True)
def _apart(decoder, monkeypatch):
    monkeypatch.setattr(opening, "_decoder", lambda limits: decoder)
