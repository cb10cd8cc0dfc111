"""One option: a row of the table."""

from dataclasses import dataclass
from typing import Any, Literal

from segui.options.kinds import Kind, Number

Part = Literal["photo", "areas", "choose", "paste", "take"]


@dataclass(frozen=True)
class Option:
    """One option.

    Args:
        name: Its name everywhere.
        kind: What it takes.
        default: What counts where nothing is said.
        part: The step of the page that it belongs to.
        label: What the page calls it.
        help: What the page says below it; may be empty.
        meaning: What it is, for programs and their authors: sentences without the range of a
            number, which ``described`` adds.
        unit: Of a number, such as ``px``.
        example: What an empty box shows as an example.
        offered: Of a text, what the page has a list of: what is said of each, and the text. Any
            other text can be typed.
        node: What ComfyUI's nodes call it; empty where they have no such thing.
        listed_as: Of a few whole numbers, what the page's list calls each, with ``{}`` for it.
        in_percent: Of a number from 0 on, whether the page shows it as a share of the most.
        slider_most: Where a slider ends; larger numbers can be typed. None is no slider.
    """

    name: str
    kind: Kind
    default: Any
    part: Part
    label: str
    help: str = ""
    meaning: str = ""
    unit: str = ""
    example: str = ""
    offered: tuple[tuple[str, str], ...] = ()
    slider_most: int | None = None
    node: str = ""
    in_percent: bool = False
    listed_as: str = ""

    @property
    def elem_id(self) -> str:
        """The id of its control on the page."""
        return self.name.replace("_", "-")

    @property
    def described(self) -> str:
        """What it is, with the range of a number."""
        if isinstance(self.kind, Number):
            return f"{self.meaning}, {self.kind.expected_in(self.unit)}."
        return f"{self.meaning}."

    @property
    def schema(self) -> dict[str, Any]:
        """What it takes as a JSON schema, with its default and what it is."""
        return {**self.kind.schema, "default": self.default, "description": self.described}

    def read(self, value: object) -> Any:
        """The value as the engine has it.

        Raises:
            InputError: It cannot be taken; the sentence has the name, the value and what is
                expected.
        """
        return self.kind.read(self.name, value)
