"""Several mask files of one photo, read together: what each is called depends on the others."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError, shown
from segui.images.limits import Reading, ReadLimits
from segui.images.opening import DEFAULT_LIMITS, header_size
from segui.masks.annotations.drawing import AnnotationRequest
from segui.masks.annotations.kinds import annotation_kind, read_annotations
from segui.masks.annotations.listed_names import label_map_legend, yaml_legend
from segui.masks.annotations.panoptic import is_panoptic, panoptic_legend
from segui.masks.annotations.yolo import class_names, is_yolo
from segui.masks.drawn import Drawn, strokes_of
from segui.masks.each import key_of, read_each
from segui.masks.files import MaskFile, read_mask
from segui.masks.leaving_out import without_labels
from segui.masks.legends.named import NamedLegend, legend_within, named_by
from segui.masks.legends.reading import Legend, legend_of_json, legend_of_text
from segui.masks.naming import exported_label, labels_of_files
from segui.masks.notes import INVERT, Note, for_file
from segui.masks.reading import MaskKind
from segui.masks.sizes.fitting import Turn, fit_mask
from segui.masks.sizes.padding import Padding
from segui.masks.strokes import read_strokes, with_strokes
from segui.masks.texts import is_text_file, read_text_file
from segui.masks.together import Together, together

FileLabels = Literal["short", "whole"]
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Photo:
    """What the masks are laid onto.

    Args:
        size_hw: Its height and width.
        orientation: The EXIF orientation by which it was turned, 1 to 8.
        name: Its file's name, by which annotations of several pictures know it.
        pixels: (H, W, 3 or 4) uint8; None where they are not to be looked at.
    """

    size_hw: tuple[int, int]
    orientation: int = 1
    name: str = ""
    pixels: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class MaskSetOptions:
    """How mask files are read.

    Args:
        kind: What the files are: ``auto``, ``soft``, ``labels`` or ``exact``.
        invert: What the files leave out is selected.
        scale: Masks of other proportions than the photo's are stretched.
        turn_masks: How masks are turned: see ``fit_mask``.
        file_labels: ``short`` calls areas by what the files' names do not have in common,
            ``whole`` by the names.
        leave_out: Labels that are no areas, with commas between.
        is_merged: Whether all that has one label will be one area.
        is_joined: Whether each file will be one area.
        each: What holds for single files instead, as ``read_each`` takes it.
        padded_masks: How masks of other proportions came to them: see ``without_padding``.

    Raises:
        InputError: A word is none of those that it may be.
    """

    kind: MaskKind = "auto"
    invert: bool = False
    scale: bool = False
    turn_masks: Turn = "auto"
    file_labels: FileLabels = "short"
    leave_out: str = ""
    is_merged: bool = False
    is_joined: bool = False
    each: str = ""
    padded_masks: Padding = "auto"

    def __post_init__(self) -> None:
        """Check the words, so that a wrong one is told before any file is read."""
        read_each(self.each)
        for name, words in (
            ("turn_masks", Turn),
            ("file_labels", FileLabels),
            ("padded_masks", Padding),
        ):
            value, known = getattr(self, name), get_args(words)
            if value not in known:
                raise InputError(f"{name} is {value!r}: expected {', '.join(known)}")

    def of_file(self, *keys: str) -> "MaskSetOptions":
        """What holds for one file.

        Args:
            keys: What it may be called: its name, and its place from 1. The first that something
                is said of counts.
        """
        every = read_each(self.each)
        own = next((every[key] for key in keys if key in every), {})
        renamed = {"kind" if name == "mask_kind" else name: own[name] for name in own}
        return replace(self, each="", **renamed)


def read_mask_set(
    paths: Sequence[Path],
    photo: Photo,
    options: MaskSetOptions,
    *,
    max_megapixels: float = 50.0,
    limits: ReadLimits = DEFAULT_LIMITS,
    is_alone: bool = True,
    strokes: Sequence[Path | None] = (),
    tell: Tell | None = None,
) -> tuple[list[MaskFile], list[str]]:
    """Read all mask files of a photo.

    Args:
        paths: The files.
        photo: What they are laid onto.
        options: How they are read.
        max_megapixels: Largest mask, in millions of pixels, by its header.
        limits: What else a decode may take, and all of them together.
        is_alone: Whether there are no areas but those of these files: then the name of a lone one
            says nothing.
        strokes: What was painted on each of the files, as ``read_strokes`` takes it; None, or
            nothing at all, where nothing was. Files of text are not painted on.
        tell: Told how many files of how many are read.

    Returns:
        The masks at the photo's size, in the files' order; and what a person should know of each.

    Raises:
        SumError: The masks have too many pixels together.
        InputError: A file cannot be used.
    """
    how: Reading = {"max_megapixels": max_megapixels, "limits": limits}
    texts = {path: read_text_file(path, limits, photo.name) for path in paths if is_text_file(path)}
    legends = {
        path: _legend_of(path, value) for path, value in texts.items() if not annotation_kind(value)
    }
    drawn = [path for path in texts if path not in legends]
    of_classes = {path: class_names(texts[path]) for path in legends}
    if not any(is_yolo(texts[path]) for path in drawn):
        of_classes = {}
    counted = _together([path for path in paths if path not in texts], drawn, photo, how)
    keys = _keys(paths)
    own_options = [options.of_file(*of_one) for of_one in keys]
    read: list[tuple[Path, list[MaskFile]]] = []
    for done, path in enumerate(paths):
        if tell is not None:
            tell(done, len(paths))
        if path in legends:
            continue
        if path in texts:
            names = _class_names(path, of_classes)
            drawn_masks = _drawn(path, texts[path], photo, own_options[done], names=names, **how)
            read.append((path, drawn_masks))
        else:
            own = _legends_for(path, legends)
            read.append((path, [read_one(path, photo, own_options[done], legends=own, **how)]))
        counted.add(*read[-1])
    if legends and not read and is_alone:
        raise InputError(f"{next(iter(legends)).name} has names alone: add the masks that it names")
    pictures = agree_on_alpha([masks[0] for path, masks in read if path not in texts])
    # what was painted lies over the mask, whatever way round that is read
    strokes_on = dict(zip(paths, strokes, strict=True)) if strokes else {}
    on = (strokes_on.get(path) for path, _ in read if path not in texts)
    pictures = [_painted_on(*pair, how) for pair in zip(pictures, on, strict=True)]
    is_alone = is_alone and len(read) == 1
    labelled = iter(_labelled(pictures, options.file_labels, is_alone=is_alone))
    read = [(path, masks if path in texts else [next(labelled)]) for path, masks in read]
    masks = [mask for _, every in read for mask in every]
    key_of_path = {path: of_one[0] for path, of_one in zip(paths, keys, strict=True)}
    notes: list[str] = [
        Note(f"{path.name}: {note}", *for_file(note, key_of_path[path] if len(read) > 1 else ""))
        for path, every in read
        for mask in every
        for note in mask.notes
    ]
    notes += _of_nobody(options, keys)
    notes += [
        f"{path.name}: {_legend_note(legend, path, masks, of_classes.get(path, {}))}"
        for path, legend in legends.items()
    ]
    return masks, notes


def _keys(paths: Sequence[Path]) -> list[tuple[str, str]]:
    """What each file is called where something is said of single ones, and what it may be."""
    names = Counter(path.name for path in paths)
    return [
        (key_of(path.name, place, names), str(place) if names[path.name] < 2 else path.name)
        for place, path in enumerate(paths, start=1)
    ]


def _of_nobody(options: MaskSetOptions, keys: Sequence[tuple[str, str]]) -> list[str]:
    known = {key for of_one in keys for key in of_one}
    return [
        f"each_mask: none of the files is called {shown(key)}"
        for key in read_each(options.each)
        if key not in known
    ]


def _together(
    pictures: Sequence[Path], texts: Sequence[Path], photo: Photo, how: Reading
) -> Together:
    def size_of(path: Path) -> tuple[int, int]:
        return header_size(path, **how)

    return together(pictures, texts, photo.size_hw, size_of, **how)


def check_one(
    path: Path, photo: Photo, options: MaskSetOptions, *, max_megapixels: float, limits: ReadLimits
) -> None:
    """Read one of the files, to see whether it can be used.

    Raises:
        InputError: It cannot.
    """
    options = options.of_file(path.name)
    if not is_text_file(path):
        read_one(path, photo, options, max_megapixels=max_megapixels, limits=limits)
        return
    value = read_text_file(path, limits, photo.name)
    if annotation_kind(value):
        _drawn(path, value, photo, options, max_megapixels=max_megapixels, limits=limits)
    else:
        _legend_of(path, value)


def read_one(
    path: Path,
    photo: Photo,
    options: MaskSetOptions,
    *,
    max_megapixels: float = 50.0,
    limits: ReadLimits = DEFAULT_LIMITS,
    legends: Sequence[NamedLegend] = (),
) -> MaskFile:
    """Read one of the pictures, with what legends call its labels; see ``read_mask_set``.

    Raises:
        InputError: It cannot be used.
    """
    options = options.of_file(path.name)

    def read_as(kind: MaskKind) -> MaskFile:
        return read_mask(
            path, kind=kind, invert=options.invert, max_megapixels=max_megapixels, limits=limits
        )

    mask = read_as(options.kind)
    own = legend_within(path) if mask.labels is not None else None
    known = legends if own is None else (*legends, own)
    if not options.invert:
        is_free = mask.labels is not None or options.kind == "auto"
        mask = named_by(mask, known if is_free else (), lambda: read_as("labels"))
    fitted = _fitted(mask, photo, options, lambda: strokes_of(path))
    return without_labels(fitted, options.leave_out)


def agree_on_alpha(masks: Sequence[MaskFile]) -> list[MaskFile]:
    """One meaning of transparency for the files of a set: what most of them say, else opaque.

    Args:
        masks: All of a set; only those that were read from transparency are looked at.
    """
    of_alpha = [mask for mask in masks if mask.source == "alpha"]
    is_turned = 2 * sum(mask.is_turned for mask in of_alpha) > len(of_alpha)
    return [
        _other_way(mask) if mask.source == "alpha" and mask.is_turned != is_turned else mask
        for mask in masks
    ]


def _other_way(mask: MaskFile) -> MaskFile:
    note = "its transparency is read as that of the other files, the other way round"
    soft = None if mask.soft is None else np.asarray(255 - mask.soft, np.uint8)
    labels = None if mask.labels is None else np.asarray(mask.labels == 0, np.int32)
    notes = (*mask.notes, Note(note, INVERT))
    is_turned = not mask.is_turned
    return replace(mask, soft=soft, labels=labels, notes=notes, is_turned=is_turned)


def _painted_on(mask: MaskFile, path: Path | None, how: Reading) -> MaskFile:
    """A mask with what was painted on it, at the photo's size."""
    return mask if path is None else with_strokes(mask, read_strokes(path, mask.size_hw, **how))


def _drawn(
    path: Path,
    value: Any,
    photo: Photo,
    options: MaskSetOptions,
    *,
    max_megapixels: float,
    limits: ReadLimits,
    names: Mapping[int, str] | None = None,
) -> list[MaskFile]:
    """The label maps of annotations, at the photo's size.

    Raises:
        InputError: They cannot be used.
    """
    asked = AnnotationRequest(
        path.name,
        photo.name,
        photo.size_hw,
        max_megapixels,
        limits,
        is_merged=options.is_merged,
        is_joined=options.is_joined,
        invert=options.invert,
        class_names=names or {},
    )
    masks = read_annotations(value, asked)
    fitted = [without_labels(_fitted(mask, photo, options), options.leave_out) for mask in masks]
    # what is said of one map is said of all
    return [fitted[0], *(replace(mask, notes=()) for mask in fitted[1:])]


def _fitted(
    mask: MaskFile,
    photo: Photo,
    options: MaskSetOptions,
    strokes: Callable[[], Sequence[Drawn]] = tuple,
) -> MaskFile:
    return fit_mask(
        mask,
        photo.size_hw,
        scale=options.scale,
        turn=options.turn_masks,
        orientation=photo.orientation,
        strokes=strokes,
        is_inverted=options.invert,
        padding=options.padded_masks,
        pixels=photo.pixels,
    )


def _legend_of(path: Path, found: Any) -> Legend:
    """The legend that what a file of text holds is.

    Raises:
        InputError: It is none.
    """
    if is_panoptic(found):
        return panoptic_legend(found, path.name)
    as_text = isinstance(found, str)
    if as_text and (legend := label_map_legend(found) or yaml_legend(found)) is not None:
        return legend
    legend = legend_of_text(found, path.name) if as_text else legend_of_json(found, path.name)
    if legend is None:
        raise InputError(
            f"{path.name} is no legend: expected names with a number or a colour each, "
            "such as 1: car"
        )
    return legend


def _legends_for(path: Path, legends: Mapping[Path, Legend]) -> list[NamedLegend]:
    """The legends in the order in which they count for a mask: first those of its own name."""
    own = sorted(legends, key=lambda legend: not _is_of(legend, path))
    return [NamedLegend(legend.name, legends[legend]) for legend in own]


def _is_of(legend: Path, mask: Path) -> bool:
    return legend.stem in (mask.stem, mask.name)


def _class_names(path: Path, of_classes: Mapping[Path, Mapping[int, str]]) -> Mapping[int, str]:
    """What YOLO's classes are called: by a file of the labels' own name, else by the first."""
    every = sorted(of_classes, key=lambda legend: not _is_of(legend, path))
    return next((of_classes[legend] for legend in every if of_classes[legend]), {})


def _legend_note(
    legend: Legend, path: Path, masks: Sequence[MaskFile], classes: Mapping[int, str]
) -> str:
    if classes:
        count = "1 name" if len(classes) == 1 else f"{len(classes)} names"
        return f"read as the names of YOLO's classes: {count}"
    names = "1 name" if len(legend) == 1 else f"{len(legend)} names"
    how = f", {legend.note}" if legend.note else ""
    notes = [note for mask in masks for note in mask.notes if " named by " in note]
    is_used = any(path.name in note for note in notes)
    unused = "" if is_used else "; it names no label of the masks"
    return f"read as a legend: {names}{how}{unused}"


def _labelled(masks: list[MaskFile], file_labels: FileLabels, *, is_alone: bool) -> list[MaskFile]:
    """The masks with what their areas are called."""
    stems = [mask.stem for mask in masks]
    if file_labels == "whole":
        return [replace(mask, label="" if is_alone else mask.stem) for mask in masks]
    labels = labels_of_files(stems)
    if is_alone:
        labels = tuple(exported_label(stem) or "" for stem in stems)
    return [
        replace(mask, label=label, notes=(*mask.notes, *_label_notes(mask.stem, label)))
        for mask, label in zip(masks, labels, strict=True)
    ]


def _label_notes(stem: str, label: str) -> tuple[str, ...]:
    if label in ("", stem):
        return ()
    if exported_label(stem) == label:
        return (f'labelled "{label}", as Label Studio names its files',)
    return (f'labelled "{label}": its name without what the names have in common or count',)
