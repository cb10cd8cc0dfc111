"""Which families of models find, and what each is shown and says.

A family is an entry of ``FAMILIES``: the ``model_type`` of its configs, transformers' class that
loads it, and one function from a picture to areas. What is costly for a picture and not for what
is asked of it, such as an embedding, its ``look`` makes once. Of some types there are models for
several things: the class that a model was saved as, in its config, then says which one it is.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch

from segui.finders.base import Area, Asked, Pixels
from segui.finders.found_by import Offered
from segui.finders.models import matting, sam, sam3, words, yunet
from segui.finders.models.boxed import Boxed, outlined, without_repeats
from segui.finders.models.classes import areas_of_classes
from segui.finders.models.detectors import (
    areas_in_boxes,
    named_boxes,
    sure_of_each,
    sure_of_one,
)
from segui.finders.models.effort import Effort
from segui.finders.models.loaded import Loaded
from segui.finders.models.outlines import area_of_box
from segui.finders.models.queries import Queries, instance_areas, panoptic_areas, semantic_areas
from segui.finders.models.shown import (
    IMAGENET_DEVIATION,
    IMAGENET_MEAN,
    fitted_hw,
    normalized,
    resized,
)
from segui.models.finder_catalogue import Needs
from segui.models.shown_size import check_shown, shown_hw

# how sure such models usually have to be, as their own post-processing asks for
_ANY: Final = 0.0  # the surest class of each place counts
_HALF: Final = 0.5


def _check_processed(loaded: Loaded, picture: Pixels, _: Asked) -> None:
    """See that the picture that a model's image processor makes is not too large."""
    if loaded.processor is not None:
        check_shown(shown_hw(loaded.processor, (picture.shape[0], picture.shape[1])), loaded.name)


Find = Callable[[Loaded, Pixels, Asked, Any], list[Area]]
FindBoxes = Callable[[Loaded, Pixels, Asked, Any], list[Boxed]]
FillBoxes = Callable[[Sequence[Boxed], Pixels, Effort], list[Area]]


def _all_of_each(found: Sequence[Boxed], _: Pixels, effort: Effort) -> list[Area]:
    """All of each box, as an area."""
    effort.check_areas([one.box for one in found])
    return [area_of_box(one.box, one.label, one.confidence) for one in found]


@dataclass(frozen=True)
class Family:
    """Models that are loaded and asked alike.

    Args:
        kinds: The ``model_type`` of their configs.
        loader: transformers' class that loads them.
        trained_to: What they do, as in "it was trained to".
        find: Areas of a picture; the last it is given is what ``look`` kept, or None.
        head: What the class that one was saved as ends in, where that tells it from others.
        needs: What has to be said beside the picture: ``words``, ``marks`` (points or boxes).
        look: What is kept of a picture.
        offer: The outlines that there are of what was clicked, by what was kept of the picture;
            None where there is one alone.
        boxes: The boxes that ``find`` makes areas of, for a model that cuts out what is in them;
            None where it finds areas.
        fill: Makes areas of those boxes, where no other model cuts them out.
        cut_out: Cuts out what is in boxes, by what was kept of the picture; None where it cannot.
        softens: Whether it softens the edges of areas, and finds none.
        has_processor: Whether its image processor is read.
        has_faces: Whether it finds faces, of which several things may be the area.
        check: Refuses what would take too long, before the model looks at a picture.
    """

    kinds: frozenset[str]
    loader: str
    trained_to: str
    find: Find
    head: str = ""
    needs: Needs = ""
    look: Callable[[Loaded, Pixels], Any] | None = None
    offer: Callable[[Loaded, Pixels, Asked, Any], tuple[Offered, ...]] | None = None
    boxes: FindBoxes | None = None
    fill: FillBoxes = _all_of_each
    cut_out: Callable[[Loaded, Pixels, Sequence[Boxed], Any], list[Area]] | None = None
    softens: bool = False
    has_processor: bool = True
    has_faces: bool = False
    check: Callable[[Loaded, Pixels, Asked], None] = _check_processed

    @property
    def stays_here(self) -> bool:
        """Whether it is asked in this process, on a CPU, where a GPU is lent to others."""
        return self.needs == "marks" or self.has_faces or self.softens


@dataclass(frozen=True, eq=False)
class _Shown:
    """What a model is shown of a picture: its inputs, and which part of them the picture is."""

    inputs: Mapping[str, Any]
    part_yx: tuple[float, float] = (1.0, 1.0)


def _processed(loaded: Loaded, picture: Pixels) -> _Shown:
    made = dict(loaded.processor(images=picture, return_tensors="pt"))
    mask = made.get("pixel_mask")
    if mask is None:
        return _Shown({"pixel_values": made["pixel_values"]})
    rows, columns = int(mask[0, :, 0].sum()), int(mask[0, 0].sum())
    part = rows / mask.shape[1], columns / mask.shape[2]
    return _Shown({"pixel_values": made["pixel_values"], "pixel_mask": mask}, part)


def _in_square(loaded: Loaded, picture: Pixels) -> _Shown:
    """As EoMT is shown a picture: in the upper left of a square; one for classes, squeezed into it.

    Its processor would cut the longer side into squares that overlap, for classes alone.
    """
    processor, side = loaded.processor, int(loaded.model.config.image_size)
    check_shown((side, side), loaded.name)
    size_hw = (side, side) if processor.do_split_image else fitted_hw(picture.shape[:2], side)
    pixels = normalized(resized(picture, size_hw), processor.image_mean, processor.image_std)
    padding = (0, side - size_hw[1], 0, side - size_hw[0])
    filled = torch.nn.functional.pad(pixels, padding)
    return _Shown({"pixel_values": filled}, (size_hw[0] / side, size_hw[1] / side))


def _squeezed(loaded: Loaded, picture: Pixels) -> _Shown:
    """As RF-DETR is shown a picture: a square of the size that it was trained with."""
    size = loaded.model.config.backbone_config.image_size
    side = int(size if isinstance(size, int) else size[0])
    check_shown((side, side), loaded.name)
    pixels = normalized(resized(picture, (side, side)), IMAGENET_MEAN, IMAGENET_DEVIATION)
    return _Shown({"pixel_values": pixels})


def _asked(loaded: Loaded, shown: _Shown) -> Any:
    """What the model puts out."""
    weight = next(loaded.model.parameters())
    inputs = {
        name: value.to(weight) if value.is_floating_point() else value.to(weight.device)
        for name, value in shown.inputs.items()
    }
    with torch.inference_mode():
        return loaded.model(**inputs)


def _numbers(tensor: Any) -> Any:
    return tensor[0].float().cpu().numpy()


def _of_picture(
    planes: Any, shown: _Shown, picture: Pixels
) -> tuple[np.ndarray, tuple[float, float]]:
    """Planes without what lies beyond the picture, and how many numbers they have in one px."""
    height, width = (
        side * part for side, part in zip(planes.shape[-2:], shown.part_yx, strict=True)
    )
    per_px = height / picture.shape[0], width / picture.shape[1]
    return planes[..., : math.ceil(height), : math.ceil(width)], per_px


def _find_classes(loaded: Loaded, picture: Pixels, asked: Asked, _: Any) -> list[Area]:
    shown = _processed(loaded, picture)
    planes, per_px = _of_picture(_numbers(_asked(loaded, shown).logits), shown, picture)
    how = loaded.labels, asked.least(_ANY), loaded.effort
    return areas_of_classes(planes, per_px, picture, *how)


def _find_by_queries(loaded: Loaded, picture: Pixels, asked: Asked, _: Any) -> list[Area]:
    is_square = loaded.model.config.model_type.startswith("eomt")
    shown = (_in_square if is_square else _processed)(loaded, picture)
    out = _asked(loaded, shown)
    of_detr = loaded.model.config.model_type == "detr"
    classes = _numbers(out.logits if of_detr else out.class_queries_logits)
    masks = _numbers(out.pred_masks if of_detr else out.masks_queries_logits)
    planes, per_px = _of_picture(masks, shown, picture)
    find = _WAYS[_task_of(loaded)]
    least = asked.least(_HALF)
    say = Queries(classes, planes, per_px, picture, loaded.labels, least, loaded.effort)
    return find(say)


_WAYS: Final = {
    "semantic": semantic_areas,
    "instance": instance_areas,
    "panoptic": panoptic_areas,
}


def _task_of(loaded: Loaded) -> str:
    """What queries were trained for: no config says it, but a name or how pictures are cut does."""
    if getattr(loaded.processor, "do_split_image", False):
        return "semantic"
    named = (task for task in _WAYS if task in loaded.name.lower())
    return next(named, "panoptic")


def _find_masks_in_boxes(loaded: Loaded, picture: Pixels, asked: Asked, _: Any) -> list[Area]:
    shown = _squeezed(loaded, picture)
    out = _asked(loaded, shown)
    found = sure_of_each(_numbers(out.logits), asked.least(_HALF))
    planes, per_px = _of_picture(_numbers(out.pred_masks), shown, picture)
    return areas_in_boxes(found, planes, per_px, picture, loaded.labels, loaded.effort)


def _boxes(
    read: Callable[[Any, float], list[tuple[int, int, float]]],
    show: Callable[[Loaded, Pixels], _Shown] = _processed,
) -> FindBoxes:
    """A finder of boxes."""

    def find(loaded: Loaded, picture: Pixels, asked: Asked, _: Any) -> list[Boxed]:
        out = _asked(loaded, show(loaded, picture))
        found = read(_numbers(out.logits), asked.least(_HALF))
        size_hw = (picture.shape[0], picture.shape[1])
        placed = named_boxes(found, _numbers(out.pred_boxes), size_hw, loaded.labels)
        return without_repeats(placed)

    return find


def _filled(boxes: FindBoxes) -> Find:
    """A finder of areas that are all of the boxes."""

    def find(loaded: Loaded, picture: Pixels, asked: Asked, kept: Any) -> list[Area]:
        return _all_of_each(boxes(loaded, picture, asked, kept), picture, loaded.effort)

    return find


_SQUEEZED: Final = _boxes(sure_of_each, _squeezed)
_OF_ONE: Final = _boxes(sure_of_one)
_OF_EACH: Final = _boxes(sure_of_each)


_CLASSES: Final = "say of what every place of a picture is"
_THINGS: Final = "cut out what is in a picture"
_DETECT: Final = "find things in a picture"
_OF_WORDS: Final = "find things by words"

FAMILIES: Final = (
    Family(
        frozenset({"segformer", "upernet", "beit", "data2vec-vision", "dpt", "mobilevit"}),
        "AutoModelForSemanticSegmentation",
        _CLASSES,
        _find_classes,
        "ForSemanticSegmentation",
    ),
    Family(
        frozenset({"mask2former", "maskformer", "eomt", "eomt_dinov3"}),
        "AutoModelForUniversalSegmentation",
        _THINGS,
        _find_by_queries,
    ),
    Family(
        frozenset({"detr"}),
        "AutoModelForImageSegmentation",
        _THINGS,
        _find_by_queries,
        "ForSegmentation",
    ),
    Family(
        frozenset({"rf_detr"}),
        "AutoModelForInstanceSegmentation",
        _THINGS,
        _find_masks_in_boxes,
        "ForInstanceSegmentation",
        has_processor=False,
    ),
    Family(
        frozenset({"rf_detr"}),
        "AutoModelForObjectDetection",
        _DETECT,
        _filled(_SQUEEZED),
        "ForObjectDetection",
        has_processor=False,
        boxes=_SQUEEZED,
    ),
    Family(
        frozenset({"detr", "yolos"}),
        "AutoModelForObjectDetection",
        _DETECT,
        _filled(_OF_ONE),
        "ForObjectDetection",
        boxes=_OF_ONE,
    ),
    Family(
        frozenset(
            {
                "d_fine",
                "rt_detr",
                "rt_detr_v2",
                "deimv2",
                "lw_detr",
                "conditional_detr",
                "deformable_detr",
            }
        ),
        "AutoModelForObjectDetection",
        _DETECT,
        _filled(_OF_EACH),
        "ForObjectDetection",
        boxes=_OF_EACH,
    ),
    Family(
        frozenset({"sam"}),
        "SamModel",
        "cut out what is clicked",
        sam.find_marked,
        needs="marks",
        look=sam.look_at,
        offer=sam.offered,
        cut_out=sam.cut_out_boxes,
        has_processor=False,
        check=sam.check_marks,
    ),
    Family(
        frozenset({"sam2", "sam2_video"}),
        "Sam2Model",
        "cut out what is clicked",
        sam.find_marked,
        needs="marks",
        look=sam.look_at,
        offer=sam.offered,
        cut_out=sam.cut_out_boxes,
        has_processor=False,
        check=sam.check_marks,
    ),
    Family(
        frozenset({"clipseg"}),
        "CLIPSegForImageSegmentation",
        _OF_WORDS,
        words.find_clipseg,
        "ForImageSegmentation",
        "words",
    ),
    Family(
        frozenset({"owlv2"}),
        "Owlv2ForObjectDetection",
        _OF_WORDS,
        words.find_owlv2,
        "ForObjectDetection",
        "words",
        boxes=words.boxes_of_owlv2,
        fill=outlined,
    ),
    Family(
        frozenset({"grounding-dino"}),
        "GroundingDinoForObjectDetection",
        _OF_WORDS,
        words.find_grounding_dino,
        "ForObjectDetection",
        "words",
        boxes=words.boxes_of_grounding_dino,
        fill=outlined,
    ),
    Family(
        frozenset({"mm-grounding-dino"}),
        "MMGroundingDinoForObjectDetection",
        _OF_WORDS,
        words.find_grounding_dino,
        "ForObjectDetection",
        "words",
        boxes=words.boxes_of_grounding_dino,
        fill=outlined,
    ),
    Family(
        frozenset({"sam3", "sam3_video"}),
        "Sam3Model",
        _OF_WORDS,
        sam3.find,
        needs="words",
        look=sam3.look_at,
        has_processor=False,
        check=sam3.check_asked,
    ),
    Family(
        frozenset({"sam3_lite_text"}),
        "Sam3LiteTextModel",
        _OF_WORDS,
        sam3.find,
        needs="words",
        look=sam3.look_at,
        has_processor=False,
        check=sam3.check_asked,
    ),
)

EDGES: Final = Family(
    frozenset({"vitmatte"}),
    "VitMatteForImageMatting",
    "soften edges",
    matting.find_nothing,
    "ForImageMatting",
    softens=True,
    check=lambda *_: None,
)

# of a file by itself, which has no config
FACES: Final = Family(
    frozenset(),
    "",
    "find faces",
    yunet.find_faces,
    has_processor=False,
    has_faces=True,
    check=yunet.check_tiles,
)


def family_of(kind: str, saved_as: tuple[str, ...]) -> Family | None:
    """The family of a model; None where it is of none.

    Args:
        kind: Its config's ``model_type``.
        saved_as: The classes that its config says it was saved as; empty where it says none.
    """
    alike = [family for family in (*FAMILIES, EDGES) if kind in family.kinds]
    fitting = [
        family
        for family in alike
        if not saved_as or any(one.endswith(family.head) for one in saved_as)
    ]
    return next(iter(fitting), None)


def all_kinds() -> tuple[str, ...]:
    """Every ``model_type`` that some family has, in order."""
    return tuple(sorted({kind for family in FAMILIES for kind in family.kinds}))
