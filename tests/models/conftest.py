"""The hub that models are fetched from, as the classifiers' tests have it."""

from tests.classifiers.conftest import _offline, hub

__all__ = ["_offline", "hub"]
