"""The page's components described once, and not anew for each session that anybody names.

Gradio describes all of them for a session that it has not seen, on the loop that serves everybody:
of a few hundred that is a twentieth of a second, and a hundred made-up names were seconds.
"""

from copy import copy
from typing import Any, Self

from gradio.blocks import BlocksConfig


class Described(BlocksConfig):
    """Gradio's, which keeps what it has said of each component of the page itself.

    Args:
        config: Gradio's own.
        said: What was said of components, by their numbers.
    """

    def __init__(self, config: BlocksConfig, said: dict[int, tuple[Any, dict[str, Any]]]) -> None:
        vars(self).update(vars(config))
        self._said = said

    def __copy__(self) -> Self:
        """A session's own, which may have other components in the place of some."""
        return type(self)(super().__copy__(), self._said)  # type: ignore[no-untyped-call]

    def config_for_block(  # type: ignore[override]  # Gradio's is called by an instance, too
        self, number: int, rendered: list[int], block: Any, renderable: Any = None
    ) -> dict[str, Any]:
        """What a browser is told of a component; a session writes its values into it."""
        if rendered or renderable:
            return super().config_for_block(number, rendered, block, renderable)
        of, said = self._said.get(number, (None, {}))
        if of is not block:
            said = super().config_for_block(number, [], block)
            self._said.setdefault(number, (block, said))
        return {**said, "props": dict(said["props"])}


def describe_once(page: Any) -> None:
    """Have a page's components described once.

    Args:
        page: The Blocks, whole.
    """
    page.default_config = Described(copy(page.default_config), {})
