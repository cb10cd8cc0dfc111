"""What is said of a photo, with the other ways to turn it where that was a decision."""

from typing import Final

from segui.images.lying import PhotoTurn
from segui.images.orientation import BROKEN_EXIF, BY_EXIF, BY_XMP
from segui.images.pictures import NO_XMP, Picture
from segui.masks.notes import Note, Offer

_OPTION: Final = "turn_photo"
_AS_ITS_FILE: Final = Offer("Turn it as its file says", _OPTION, "auto")
_AS_STORED: Final = Offer("Leave it as it is stored", _OPTION, "none")
_OTHERWISE: Final = {
    BY_EXIF: (Offer("Turn it by its XMP data", _OPTION, "xmp"), _AS_STORED),
    BY_XMP: (_AS_STORED,),
    BROKEN_EXIF: (
        Offer("Turn it to the right", _OPTION, "right"),
        Offer("Turn it to the left", _OPTION, "left"),
        Offer("Turn it by 180 degrees", _OPTION, "half"),
    ),
}


def photo_notes(photo: Picture, turn: PhotoTurn) -> list[str]:
    """What a person should know of a photo.

    Args:
        photo: As it was read.
        turn: How it was asked to be turned.
    """
    return [_noted(note, turn) for note in photo.notes]


def _noted(note: str, turn: PhotoTurn) -> str:
    said = f"photo: {note}"
    if turn == "auto":
        return Note(said, *_OTHERWISE.get(note, ()))
    is_of_turn = note in (BY_XMP, NO_XMP) or note.endswith("as asked for")
    return Note(said, _AS_ITS_FILE) if is_of_turn else said
