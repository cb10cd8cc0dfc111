"""The catalogue of finders from the hub. Data, not code.

What stands here was read from their pages; seconds were measured with models of their sizes on one
thread of a CPU. No commit of theirs is known by now, so the newest of ``main`` is taken: a note
says which it was, and a recipe keeps it.
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
        revision: The branch, tag or commit to take: ``main`` where no commit is known yet.
        has_boxes: Whether it finds boxes, which another model can cut out.
        gated: Whether its owner says who may fetch it.
        has_faces: Whether it finds faces, of which several things may be the area.
        each: What the seconds are for, where that is not a photo.
    """

    name: str
    purpose: str
    repo_id: str
    licence: str
    size_mb: float
    seconds: float
    needs: Needs = ""
    note: str = ""
    revision: str = "main"
    has_boxes: bool = False
    gated: bool = False
    has_faces: bool = False
    each: str = ""

    @property
    def label(self) -> str:
        """What its choice says until it is fetched: what for, what it costs, its licence."""
        gate = "gated by its owner, " if self.gated else ""
        fetch = f"{gate}{self.size_mb:,g} MB to fetch once, then "
        return f"{self.purpose}, {fetch}{self.seconds:g} s{self.each} ({self.licence})"

    @property
    def label_here(self) -> str:
        """The same where its files are here."""
        return f"{self.purpose}, {self.seconds:g} s{self.each} ({self.licence})"


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
        "Boxes",
        "Boxes around things",
        "ustc-community/dfine-small-coco",
        "Apache-2.0",
        41,
        0.9,
        has_boxes=True,
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
        has_boxes=True,
    ),
    FinderEntry(
        "Words, OWLv2",
        "By words, OWLv2",
        "google/owlv2-base-patch16-ensemble",
        "Apache-2.0",
        620,
        21,
        "words",
        has_boxes=True,
    ),
    FinderEntry(
        "Words, SAM 3 Lite",
        "By words, SAM 3 Lite",
        "vil-uob/sam3-litetext-s0",
        "SAM License",
        2000,
        77,
        "words",
    ),
    FinderEntry(
        "Words, SAM 3",
        "By words, SAM 3",
        "facebook/sam3",
        "SAM License",
        3450,
        78,
        "words",
        note="Larger than SEGUI_MAX_MODEL_MB allows where that was not raised.",
        gated=True,
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
    FinderEntry(
        "YuNet",
        "Faces, also small ones",
        "opencv/face_detection_yunet",
        "MIT",
        0.23,
        0.3,
        has_faces=True,
    ),
)
# Of ways that fetch nothing: seconds of a CPU for a photo of 12 megapixels, as measured; of faces,
# where they are large, and up to 20 times as many where none are.
WAY_SECONDS: Final = {"faces": 0.1, "colours": 0.3, "click": 0.05, "box": 0.5}
# what softens the edges of areas, and finds none
EDGE_CATALOGUE: Final = (
    FinderEntry(
        "ViTMatte",
        "ViTMatte, for hair and fur",
        "hustvl/vitmatte-small-composition-1k",
        "Apache-2.0",
        103,
        1.9,
        each=" for each 512 x 512 px of edge",
    ),
)
OWN_MODEL: Final = "model"  # one whose repo id is named beside it

_ALL: Final = (*FINDER_CATALOGUE, *EDGE_CATALOGUE)


def parted_name(name: str) -> tuple[str, str | None]:
    """A model's name without its branch, tag or commit, and that; None where it names none.

    >>> parted_name("org/faces@v2"), parted_name("SAM 2.1")
    (('org/faces', 'v2'), ('SAM 2.1', None))
    """
    plain, at, revision = name.partition("@")
    return (plain.strip(), revision.strip()) if at else (name, None)


def finder_entry(name: str) -> FinderEntry | None:
    """The entry of a name, with a revision or without; None where there is none."""
    plain, _ = parted_name(name)
    return next((entry for entry in _ALL if entry.name == plain), None)


def listed_name(repo_id: str) -> str:
    """What the list calls a repo; its id where the list has it not."""
    named = (entry.name for entry in _ALL if entry.repo_id == repo_id)
    return next(named, repo_id)


def finder_needs(name: str) -> Needs:
    """What has to be said beside the photo; nothing is known of a model named by its repo id."""
    entry = finder_entry(name)
    return "" if entry is None else entry.needs
