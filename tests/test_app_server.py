from pathlib import Path

import pytest

from tests.app_server import running_app


def test_a_test_that_make_quick_would_run_may_not_start_the_app(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError) as caught, running_app(tmp_path):
        pass
    assert str(caught.value) == "this test starts the app: mark it with @pytest.mark.server"
