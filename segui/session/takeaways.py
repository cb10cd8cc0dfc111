"""What can be taken away of what is seen: files, made of a view and never of the controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from segui.errors import InputError
from segui.images.formats import FORMATS
from segui.images.limits import ReadLimits
from segui.storing import store, whole

if TYPE_CHECKING:  # torch comes with them
    from segui.pipeline import Scene
    from segui.selection import Selection
    from segui.session.view import View

OF_RESULT: Final = ("result", "copy")  # in which all that is to be hidden has to be
NO_RESULT: Final = "There is no result to download yet."
WITHOUT_AREAS: Final = ("recipe", "project")  # what can be taken before there are any


def take_away(kind: str, view: View, folder: Path) -> Path:
    """Write one kind of file.

    Args:
        kind: One of ``KINDS``.
        view: What is seen.
        folder: Where the file is written.

    Raises:
        InputError: There is nothing to take, or what is seen is not up to date.
        StorageError: It cannot be stored.
    """
    if view.stale:
        raise InputError(view.stale)
    photo = view.inputs.files.photo
    if photo is None or (view.plan.selection is None and kind not in WITHOUT_AREAS):
        raise InputError(NO_RESULT)
    return _MAKERS[kind](view, folder / f"{photo.path.stem}-segui")


def _result(view: View, stem: Path) -> Path:
    from segui.images.encoding import encode_picture

    scene, _ = _seen(view)
    if view.plan.painted is None:
        raise InputError(view.plan.nothing_painted or NO_RESULT)
    kind, quality = FORMATS[view.inputs.options["format"]], view.inputs.options["quality"]
    kept = scene.photo.camera_data if view.inputs.options["camera_data"] else None
    about = {"icc_profile": scene.photo.icc_profile, "camera_data": kept}
    data = encode_picture(view.plan.painted.pixels, kind.name, quality, **about)
    path = stem.with_name(f"{stem.name}{kind.ending}")
    store(path, data)
    return path


def _copy(view: View, stem: Path) -> Path:
    """The result as a clipboard takes it: as PNG, whatever its file would be."""
    from segui.images.pictures import encode_png

    scene, _ = _seen(view)
    if view.plan.painted is None:
        raise InputError(view.plan.nothing_painted or NO_RESULT)
    path = stem.with_name(f"{stem.name}-copy.png")
    store(path, encode_png(view.plan.painted.pixels, icc_profile=scene.photo.icc_profile))
    return path


def _mask(view: View, stem: Path) -> Path:
    from segui.images.pictures import encode_png
    from segui.rendering import mask_image

    scene, selection = _seen(view)
    path = stem.with_name(f"{stem.name}{_edit_name(view)}-mask.png")
    options = view.inputs.paste_options()
    store(path, encode_png(mask_image(scene, selection.filtered, options)))
    return path


def _cutouts(view: View, stem: Path) -> Path:
    from segui.session.work import made_edits
    from segui.takeaway.cutouts import cutouts_zip
    from segui.takeaway.laid_over import check_nothing_hidden

    scene, selection = _seen(view)
    check_nothing_hidden(made_edits(scene, view.inputs), "cut-outs", "as the photo shows it")
    options = view.inputs.paste_options()
    path = stem.with_name(f"{stem.name}{_edit_name(view)}-cut-outs.zip")
    with whole(path) as part:
        cutouts_zip(scene, selection, options.feather, options.alpha, options.edge, part)
    return path


def _layers(view: View, stem: Path) -> Path:
    from segui.takeaway.layers import layers_file

    return _each_edit(view, stem, "ora", layers_file)


def _psd(view: View, stem: Path) -> Path:
    from segui.takeaway.psd_layers import psd_file

    return _each_edit(view, stem, "psd", psd_file)


def _each_edit(view: View, stem: Path, ending: str, write: Callable[..., None]) -> Path:
    """The photo and each edit as a layer, in a file whose format ``write`` knows."""
    from segui.session.work import made_edits

    scene, _ = _seen(view)
    if view.plan.painted is None:
        raise InputError(view.plan.nothing_painted or NO_RESULT)
    path = stem.with_name(f"{stem.name}-layers.{ending}")
    with whole(path) as part:
        write(scene, made_edits(scene, view.inputs), view.plan.selections, part)
    return path


def _label_map(view: View, stem: Path) -> Path:
    from segui.images.writing import encode_numbers
    from segui.takeaway.label_map import label_map

    scene, selection = _seen(view)
    path = stem.with_name(f"{stem.name}{_edit_name(view)}-labels.png")
    store(path, encode_numbers(label_map(selection, scene.photo.size_hw)))
    return path


def _coco(view: View, stem: Path) -> Path:
    from segui.takeaway.coco import coco_json

    _, selection = _seen(view)
    path = stem.with_name(f"{stem.name}{_edit_name(view)}-coco.json")
    store(path, coco_json(selection, _photo_name(view), came=_coco_that_came(view)).encode())
    return path


def _coco_that_came(view: View) -> Any:
    """COCO's JSON among the mask files; None where there is none."""
    from segui.masks.annotations.kinds import annotation_kind
    from segui.masks.texts import is_text_file, read_text_file

    for mask in view.inputs.files.masks:
        if is_text_file(mask.path):
            value = read_text_file(mask.path, ReadLimits(), _photo_name(view))
            if annotation_kind(value) == "COCO":
                return value
    return None


def _yolo(view: View, stem: Path) -> Path:
    from segui.takeaway.yolo import yolo_zip

    return _archive(view, stem, "yolo", yolo_zip)


def _panoptic(view: View, stem: Path) -> Path:
    from segui.takeaway.panoptic import panoptic_zip

    return _archive(view, stem, "panoptic", panoptic_zip)


def _archive(
    view: View, stem: Path, kind: str, write: Callable[[Selection, str, Path], None]
) -> Path:
    """A ZIP of annotations."""
    _, selection = _seen(view)
    path = stem.with_name(f"{stem.name}{_edit_name(view)}-{kind}.zip")
    with whole(path) as part:
        write(selection, _photo_name(view), part)
    return path


def _labelme(view: View, stem: Path) -> Path:
    from segui.takeaway.labelme import labelme_json

    _, selection = _seen(view)
    path = stem.with_name(f"{stem.name}{_edit_name(view)}-labelme.json")
    store(path, labelme_json(selection, _photo_name(view)).encode())
    return path


def _photo_name(view: View) -> str:
    photo = view.inputs.files.photo
    return "" if photo is None else photo.name


def _scores(view: View, stem: Path) -> Path:
    from segui.takeaway.csv_table import scores_csv

    _, selection = _seen(view)
    path = stem.with_name(f"{stem.name}-scores.csv")
    alpha = view.inputs.options["alpha"]
    table = scores_csv(selection, view.plan.selections, _photo_name(view), alpha)
    store(path, table.encode())
    return path


def _recipe(view: View, stem: Path) -> Path:
    from segui.session.recipes import recipe_of

    path = stem.with_name(f"{stem.name}.recipe.json")
    store(path, recipe_of(view).encode())
    return path


def _project(view: View, stem: Path) -> Path:
    from segui.session.projects import write_view

    path = stem.with_name(f"{stem.name}.project.zip")
    with whole(path) as part:
        write_view(view, part)
    return path


def _edit_name(view: View) -> str:
    """Of several edits, whose areas these are: the one that is open."""
    return f"-edit-{view.inputs.place + 1}" if len(view.inputs.edits) > 1 else ""


def _seen(view: View) -> tuple[Scene, Selection]:
    if view.plan.scene is None or view.plan.selection is None:
        raise InputError("there are no areas yet")
    return view.plan.scene, view.plan.selection


_MAKERS: Final[Mapping[str, Callable[[View, Path], Path]]] = {
    "result": _result,
    "copy": _copy,
    "mask": _mask,
    "cutouts": _cutouts,
    "layers": _layers,
    "psd": _psd,
    "label_map": _label_map,
    "coco": _coco,
    "yolo": _yolo,
    "labelme": _labelme,
    "panoptic": _panoptic,
    "scores": _scores,
    "recipe": _recipe,
    "project": _project,
}
KINDS: Final = tuple(_MAKERS)
