"""The files of one picture, and what was clicked, framed and painted on it."""

from dataclasses import dataclass
from pathlib import Path

from segui.errors import InputError
from segui.finders.base import Point
from segui.geometry import Box
from segui.options import option_range


@dataclass(frozen=True)
class Inputs:
    """The files of one picture.

    Args:
        image: The photo.
        masks: Mask files; none, and nothing painted, takes what differs between the photo and
            its edited version.
        reference: The edited version, if there is one.
        painted: A soft mask painted on a smaller copy of the photo, if there is one: grey, or
            with an alpha channel, which then counts. It is one more mask, the last; nothing of it
            is too small to be kept.
        points: What was clicked on the photo, for a finder.
        boxes: What was framed on it, for a finder.
        strokes: What was painted on the mask files, as ``read_strokes`` takes it: None, or a file
            for each of them, in their order. Pixels that no stroke touches stay as they are.
        more_references: Further edited versions, from the second one on.
        sticker: A picture of one's own for the effect ``sticker``, if there is one.
    """

    image: Path
    masks: tuple[Path, ...] = ()
    reference: Path | None = None
    painted: Path | None = None
    strokes: tuple[Path | None, ...] = ()
    points: tuple[Point, ...] = ()
    boxes: tuple[Box, ...] = ()
    more_references: tuple[Path, ...] = ()
    sticker: Path | None = None

    def __post_init__(self) -> None:
        """Check that what was painted on masks has masks, and of edited versions the first."""
        if self.more_references and self.reference is None:
            raise InputError("there are more edited versions, and no first one")
        _, most = option_range("version")
        if len(self.versions) > most:
            raise InputError(
                f"there are {len(self.versions)} edited versions: at most {most} are allowed"
            )
        if self.strokes and len(self.strokes) != len(self.masks):
            raise InputError(
                f"there are strokes for {len(self.strokes)} mask files and {len(self.masks)} mask "
                "files: expected one for each, or none at all"
            )

    @property
    def versions(self) -> tuple[Path, ...]:
        """All edited versions, in the order of their numbers."""
        return () if self.reference is None else (self.reference, *self.more_references)
