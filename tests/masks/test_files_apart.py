"""What is tested of masks that are decoded where they are asked for, once more decoded apart."""

import sys

import pytest

from tests.decoded_apart import _apart, decoder  # noqa: F401  fixtures
from tests.masks.test_files import *  # noqa: F403  the very tests

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="decodes apart on Linux alone"),
]
