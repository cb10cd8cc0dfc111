import subprocess
import sys

import pytest

from segui.models.library import of_transformers

# the second thread comes while the first one is in the midst of the import
AT_ONCE = """
import sys, threading
from segui.models.library import of_transformers

def second():
    while "transformers" not in sys.modules:
        pass
    said.append(of_transformers("AutoConfig")[0].__name__)

said = []
thread = threading.Thread(target=second)
thread.start()
said.append(of_transformers("AutoImageProcessor")[0].__name__)
thread.join()
print(sorted(said))
"""


@pytest.mark.process
def test_two_threads_may_need_it_first_at_one_moment() -> None:
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("['AutoConfig', 'AutoImageProcessor']\n", 0), (
        done.stderr
    )


def test_a_name_that_it_does_not_have_is_an_error() -> None:
    with pytest.raises(AttributeError, match="AutoNothing"):
        of_transformers("AutoNothing")
