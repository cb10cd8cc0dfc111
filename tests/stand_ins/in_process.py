"""Stands in for the package ``spaces`` within the tests' own process."""

import pickle
from importlib.machinery import ModuleSpec
from types import ModuleType

import gradio as gr


class FakeSpaces(ModuleType):
    """``spaces`` without a process: pickles both ways, and remembers what it was asked.

    Args:
        refusal: Why there is no GPU; empty where there is one.
    """

    def __init__(self, refusal=""):
        super().__init__("spaces")
        self.__spec__ = ModuleSpec("spaces", None)
        self.calls, self.refusal = [], refusal

    def GPU(self, duration):  # noqa: N802
        """Mark a function."""

        def mark(task):
            def asked(*args):
                self.calls.append((*args, duration(*args)))
                if self.refusal:
                    raise gr.Error(self.refusal)
                copied = pickle.loads(pickle.dumps(args))  # noqa: S301
                return pickle.loads(pickle.dumps(task(*copied)))  # noqa: S301

            return asked

        return mark
