import pytest


@pytest.fixture(autouse=True)
def _offline(offline: None) -> None:
    """No test of this folder asks a network."""
