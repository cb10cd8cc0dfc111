"""What is tested of pictures that are decoded where they are asked for, once more decoded apart."""

import sys

import pytest

from tests.decoded_apart import _apart, decoder  # noqa: F401  fixtures
from tests.images.test_formats import *  # noqa: F403  the very tests
from tests.images.test_pictures import *  # noqa: F403
from tests.images.test_smaller import *  # noqa: F403
from tests.images.test_structure import *  # noqa: F403

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="decodes apart on Linux alone"),
]
