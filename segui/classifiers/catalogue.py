"""The catalogue: the classifiers on offer. Data, not code.

What stands here of models on the hub was read from their pages there. What those pages did not say
is left empty or None: a size, the labels. A model's own files decide when it is loaded.
"""

from dataclasses import dataclass
from typing import Final, Literal

from segui.classifiers.colour import TERMS, ColourNames
from segui.models.packaged import GENDER

COLOUR_NAMES: Final = ColourNames.name
GENDER_BY_FACE: Final = "Gender by face"
LIKE_THESE: Final = "Like these"
MANUAL: Final = "Manual repo id"
MANUAL_WORDS: Final = "Manual CLIP or SigLIP"
NOT_STATED: Final = "not stated"

EntryKind = Literal["built-in", "hub", "open vocabulary", "manual"]
Task = Literal["image-classification", "zero-shot-image-classification"]

_ON_GENDER: Final = "It judges by looks in one picture, and cannot know anyone's gender."
_ON_AGE: Final = "It judges by looks in one picture, and cannot know anyone's age."
_ON_BOTH: Final = "It judges by looks in one picture, and cannot know anyone's gender or age."
_ON_FEELINGS: Final = (
    "It judges how a face looks in one picture, and cannot know what anyone feels."
)
_ON_NUDITY: Final = (
    "It judges by looks in one picture: it misses some, flags some that are harmless, and cannot"
    " know what a picture is for or who agreed to it."
)
_PICKLED: Final = (
    "Its weights are there as pickles alone, which can run code when they are read: only"
    " safetensors are loaded here."
)


@dataclass(frozen=True)
class Entry:
    """One classifier on offer.

    Args:
        name: What it is chosen by.
        kind: ``built-in``; a repo on the ``hub``; ``open vocabulary``, a model whose labels are
            what the user asks for; or ``manual``, an image classifier that the user names.
        purpose: One line on what it is for.
        repo_id: The repo; None where there is none, or where the user names it.
        task: What the hub calls what it does; None where there is no model.
        labels: What it tells apart, where that is known without asking the hub; else empty.
        size_mb: Size of its weights, in MB of a million bytes; None where it is not known.
        licence: As its page states it; ``not stated`` where the page does not.
        note: What it cannot know, or what to keep in mind; may be empty.
        reason: Why it cannot be loaded, as its repo was last seen; empty where it can be.
        revision: The commit to take where its main branch has none that can be loaded.
    """

    name: str
    kind: EntryKind
    purpose: str
    repo_id: str | None = None
    task: Task | None = "image-classification"
    labels: tuple[str, ...] = ()
    size_mb: int | None = None
    licence: str = NOT_STATED
    note: str = ""
    reason: str = ""
    revision: str | None = None

    @property
    def is_manual(self) -> bool:
        """Whether the user names the repo or folder."""
        return self.repo_id is None and self.kind != "built-in"

    @property
    def shown(self) -> str:
        """What a list shows of it: of a model, first what it tells apart."""
        named = self.name if self.repo_id is None else f"{self.purpose} · {self.name}"
        return f"{named} (not available)" if self.reason else named

    @property
    def available(self) -> bool:
        """Whether it can be loaded, as far as is known; ``reason`` says why not."""
        return not self.reason


CATALOGUE: Final[tuple[Entry, ...]] = (
    Entry(
        COLOUR_NAMES,
        "built-in",
        "How much of an area has each of eleven colours; works on any photo",
        task=None,
        labels=TERMS,
        size_mb=0,
        licence="apache-2.0",
        note="No download.",
    ),
    Entry(
        GENDER_BY_FACE,
        "built-in",
        "Female or male, from a face",
        task=None,
        labels=("Female", "Male"),
        size_mb=0,
        licence="cc0-1.0",
        note=f"No download. {_ON_GENDER}",
        reason=GENDER.reason,
    ),
    Entry(
        LIKE_THESE,
        "built-in",
        "Like or unlike the areas that were included and left out by hand",
        task=None,
        labels=("like", "unlike"),
        size_mb=0,
        licence="apache-2.0",
        note="No download. It compares colour, texture and shape.",
    ),
    Entry(
        "rizvandwiki/gender-classification-2",
        "hub",
        "Female or male, from a face or a person",
        "rizvandwiki/gender-classification-2",
        labels=("female", "male"),
        size_mb=343,
        note=_ON_GENDER,
    ),
    Entry(
        "NTQAI/pedestrian_gender_recognition",
        "hub",
        "Female or male, from people in the street",
        "NTQAI/pedestrian_gender_recognition",
        labels=("Female", "Male"),
        size_mb=347,
        licence="apache-2.0",
        note=_ON_GENDER,
    ),
    Entry(
        "Leilab/gender_class",
        "hub",
        "Women or men, from a face or a person",
        "Leilab/gender_class",
        labels=("men", "women"),
        size_mb=343,
        note=_ON_GENDER,
        reason=_PICKLED,
    ),
    Entry(
        "ProjectPersonal/GenderClassifier",
        "hub",
        "Female or male, from a face or a person",
        "ProjectPersonal/GenderClassifier",
        labels=("Human Female", "Human Male"),
        size_mb=343,
        note=_ON_GENDER,
        reason=_PICKLED,
    ),
    Entry(
        "crangana/trained-gender",
        "hub",
        "Female or male, from a face",
        "crangana/trained-gender",
        labels=("Male", "Female"),
        size_mb=94,
        licence="apache-2.0",
        note=_ON_GENDER,
        reason=_PICKLED,
    ),
    # The next two have pickles on their main branch; the hub's own converter offers the same
    # weights as safetensors in a commit of the same repo.
    Entry(
        "cledoux42/GenderNew_v002",
        "hub",
        "Woman or man, from a face or a person",
        "cledoux42/GenderNew_v002",
        labels=("man", "woman"),
        note=_ON_GENDER,
        revision="86a1b60e057806e78cc43b959a1f237d2a413169",
    ),
    Entry(
        "ivensamdh/genderage2",
        "hub",
        "Gender and age group, from a face or a person",
        "ivensamdh/genderage2",
        labels=(
            *("Female", "Male"),
            *("Age0to5", "Age6to10", "Age11to15", "Age16to25"),
            *("Age26to35", "Age36to49", "Age50to69", "Age70to99"),
        ),
        size_mb=343,
        licence="apache-2.0",
        note=_ON_BOTH,
        revision="5fb5f0d5cfcbfdf41534a0f891a16e1f75c17d01",
    ),
    Entry(
        "google/vit-base-patch16-224",
        "hub",
        "Which of the 1000 kinds of things and animals of ImageNet it is",
        "google/vit-base-patch16-224",
        size_mb=346,
        licence="apache-2.0",
        note="A label lists several names of one kind: 'tabby, tabby cat'.",
    ),
    Entry(
        "nateraw/vit-age-classifier",
        "hub",
        "Which of nine age groups, from a face",
        "nateraw/vit-age-classifier",
        labels=(
            *("0-2", "3-9", "10-19", "20-29", "30-39"),
            *("40-49", "50-59", "60-69", "more than 70"),
        ),
        size_mb=343,
        note=_ON_AGE,
    ),
    Entry(
        "trpakov/vit-face-expression",
        "hub",
        "Which of seven facial expressions, from a face",
        "trpakov/vit-face-expression",
        labels=("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"),
        size_mb=343,
        licence="apache-2.0",
        note=_ON_FEELINGS,
    ),
    Entry(
        "Falconsai/nsfw_image_detection",
        "hub",
        "Whether it is safe to show at work",
        "Falconsai/nsfw_image_detection",
        labels=("normal", "nsfw"),
        size_mb=343,
        licence="apache-2.0",
        note=_ON_NUDITY,
    ),
    Entry(
        "openai/clip-vit-base-patch32",
        "open vocabulary",
        "Which of your own words fits best; English",
        "openai/clip-vit-base-patch32",
        task="zero-shot-image-classification",
        size_mb=605,
        note="The scores of all your words add up to 1: name what else it could be, too.",
        # converted as above: its main branch has pickles
        revision="c237dc49a33fc61debc9276459120b7eac67e7ef",
    ),
    Entry(
        "google/siglip2-base-patch16-224",
        "open vocabulary",
        "How well each of your own words fits; many languages",
        "google/siglip2-base-patch16-224",
        task="zero-shot-image-classification",
        size_mb=1501,
        licence="apache-2.0",
        note="Each word has a score of its own, often a low one: compare words, or ask for less.",
    ),
    Entry(
        MANUAL_WORDS,
        "open vocabulary",
        "Which of your own words fit, by any CLIP or SigLIP on the hub, by its repo id",
        task="zero-shot-image-classification",
        note="Safetensors weights only, and no code of the model's own.",
    ),
    Entry(
        MANUAL,
        "manual",
        "Any image classifier on the hub, by its repo id",
        note="Safetensors weights only, and no code of the model's own.",
    ),
)


def without_download() -> tuple[str, ...]:
    """The names of those that work here wherever the hub is."""
    return tuple(one.name for one in CATALOGUE if one.kind == "built-in" and one.available)
