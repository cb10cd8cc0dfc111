"""The catalogue of finders from the hub. Data, not code.

What stands here was read from their pages; seconds were measured with models of their sizes on one
thread of a CPU. Where no commit is named the newest one is taken, and a note says which it was.
"""

from dataclasses import dataclass
from typing import Final, Literal

Needs = Literal["", "words", "marks"]

_NON_COMMERCIAL: Final = "Parts of what it was trained on or from are for non-commercial use."


@dataclass(frozen=True)
class FinderEntry:
    """One finder on offer.

    Args:
        name: What it is chosen by.
        purpose: What it finds, in a few words.
        repo_id: The repo.
        licence: As its page states it; ``not stated`` where it was not looked up.
        size_mb: Size of its weights, in MB of a million bytes.
        seconds: For a photo on one thread of a CPU, once it is loaded.
        needs: What has to be said beside the photo: ``words``, ``marks``, or nothing.
        note: What to keep in mind; may be empty.
        revision: The commit to take; None is the newest.
    """

    name: str
    purpose: str
    repo_id: str
    licence: str
    size_mb: int
    seconds: float
    needs: Needs = ""
    note: str = ""
    revision: str | None = None

    @property
    def label(self) -> str:
        """What its choice says: what for, and what it costs."""
        return f"{self.purpose} ({self.size_mb:,} MB to fetch once, then {self.seconds:g} s)"


FINDER_CATALOGUE: Final = (
    FinderEntry(
        "Everything",
        "Everything",
        "facebook/mask2former-swin-tiny-coco-panoptic",
        "other; MIT upstream",
        190,
        2.9,
    ),
    FinderEntry(
        "Everything, finer",
        "Everything, finer",
        "tue-mps/coco_panoptic_eomt_base_640_2x",
        "MIT",
        375,
        12.5,
    ),
    FinderEntry(
        "Things", "Things, each by itself", "Roboflow/rf-detr-seg-small", "Apache-2.0", 135, 1.2
    ),
    FinderEntry(
        "Boxes", "Boxes around things", "ustc-community/dfine-small-coco", "Apache-2.0", 41, 0.9
    ),
    FinderEntry(
        "Words, softly",
        "By words, softly",
        "CIDAS/clipseg-rd64-refined",
        "Apache-2.0",
        603,
        0.5,
        "words",
    ),
    FinderEntry(
        "Words",
        "By words",
        "IDEA-Research/grounding-dino-tiny",
        "Apache-2.0",
        689,
        17,
        "words",
    ),
    FinderEntry(
        "Words, OWLv2",
        "By words, OWLv2",
        "google/owlv2-base-patch16-ensemble",
        "Apache-2.0",
        620,
        21,
        "words",
    ),
    FinderEntry(
        "SAM 2.1",
        "What is clicked or framed, SAM 2.1",
        "facebook/sam2.1-hiera-tiny",
        "Apache-2.0",
        156,
        5,
        "marks",
    ),
    FinderEntry(
        "SlimSAM",
        "What is clicked or framed, SlimSAM",
        "Zigeng/SlimSAM-uniform-77",
        "Apache-2.0",
        39,
        8.4,
        "marks",
    ),
    FinderEntry(
        "Clothes",
        "Clothes and hair",
        "mattmdjaga/segformer_b2_clothes",
        "MIT",
        109,
        3.8,
        note=_NON_COMMERCIAL,
    ),
    FinderEntry(
        "Face parts",
        "Parts of a face",
        "jonathandinu/face-parsing",
        "not stated",
        339,
        10.5,
        note=_NON_COMMERCIAL,
    ),
)
OWN_MODEL: Final = "model"  # one whose repo id is named beside it


def finder_entry(name: str) -> FinderEntry | None:
    """The entry of a name; None where there is none."""
    return next((entry for entry in FINDER_CATALOGUE if entry.name == name), None)


def finder_needs(name: str) -> Needs:
    """What has to be said beside the photo; nothing is known of a model named by its repo id."""
    entry = finder_entry(name)
    return "" if entry is None else entry.needs
