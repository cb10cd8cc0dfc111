"""One line a figure: what was measured, against what, and whether it is within its bound."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure.

    Args:
        what: What was measured.
        own: The project's figure.
        peer: The figure that it is compared with.
        unit: The unit of both.
        bound: The largest ratio that is good enough; None where nothing was promised.
    """

    what: str
    own: float
    peer: float
    unit: str
    bound: float | None

    @property
    def ratio(self) -> float:
        """Own over peer."""
        return self.own / self.peer

    @property
    def holds(self) -> bool:
        """Whether the ratio is within the bound."""
        return self.bound is None or self.ratio <= self.bound


def table(rows: list[Row]) -> str:
    """The figures as a table in Markdown."""
    lines = ["| what | segui | peer | ratio | bound | |", "|---|---|---|---|---|---|"]
    for row in rows:
        bound = "-" if row.bound is None else f"{row.bound:g}"
        mark = "ok" if row.holds else "**over**"
        figures = f"{row.own:.1f} {row.unit} | {row.peer:.1f} {row.unit}"
        lines.append(f"| {row.what} | {figures} | {row.ratio:.2f} | {bound} | {mark} |")
    return "\n".join(lines)
