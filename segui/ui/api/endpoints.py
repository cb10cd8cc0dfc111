"""The endpoints for other programs, ``/composite`` and ``/segments``; they keep nothing.

A hidden row of components gives clients a signature and Gradio's own guard on files; their values
reach the functions here unprocessed, so that each is checked once, by the table of options and with
its sentences. Torch and what needs it are imported at the first call.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import gradio as gr

from segui.classifiers.catalogue import LIKE_THESE
from segui.classifiers.model_cache import ModelCache
from segui.errors import LargeError, SeguiError
from segui.images.formats import FORMATS
from segui.priority import standing_back
from segui.session.folders import fresh_folder
from segui.session.results import Stopped
from segui.settings import Settings
from segui.storing import store
from segui.ui.api.asked import Asked, Given, check_something_to_paste, is_large, read_call
from segui.ui.api.parameters import (
    as_endpoint,
    endpoint_defaults,
    endpoint_options,
    parameter_control,
    parameter_names,
)
from segui.ui.api.places import Places
from segui.ui.api.uploads import uploads_only
from segui.ui.api.waiting import check_waited_for, stop_of_call
from segui.ui.spaces.lending import lending_of

if TYPE_CHECKING:
    from segui.pipeline import Scene
    from segui.selection import Selection

    Worked = tuple[Scene, tuple[Selection, ...]]  # of each edit what it chose

Made = TypeVar("Made")

CONCURRENCY_ID = "endpoints"  # apart from the page: a model of one must not hold up the other
WORKING = 2  # calls that work on pictures at once
WAITING = 30  # more that wait at once for a model's server, or for a place to work


class Endpoints:
    """The functions behind the endpoints.

    Args:
        settings: Limits, the models folder, the device.
        shelf: The classifiers that are loaded already.
        folder: Where Gradio keeps uploads and results.
    """

    def __init__(self, settings: Settings, shelf: ModelCache, folder: Path) -> None:
        self._settings = settings
        self._folder = folder
        self._shelf = shelf
        self._places = Places(WORKING)

    def composite(
        self,
        image: dict[str, Any],
        masks: list[dict[str, Any]] | None = None,
        reference: dict[str, Any] | None = None,
        *,
        more_references: list[dict[str, Any]] | None = None,
        sticker_picture: dict[str, Any] | None = None,
        **options: Any,
    ) -> tuple[str, dict[str, Any]]:
        """Edit a photo in the segments that an expression chooses, and nowhere else.

        Masks say where the segments are, a finder finds them in the photo itself, or both; without
        either, they are where an edited version differs from the photo. A classifier scores each
        segment, an expression over the scores chooses
        some of them, and the edited version or an effect is pasted there with a soft edge. Every
        other pixel stays as it is. With edits, several such edits are made one after the other.

        Args:
            image: The photo, an image file.
            masks: Image files of the photo's size that say where the segments are: black and white,
                grey (a soft edge), transparent, or label maps. A file gives one segment for each
                connected region or label. Also files of labelme, COCO, VIA, YOLO, VOC, CVAT, Label
                Studio, Supervisely or Cityscapes, that draw segments with names, and CSV, JSON or
                text files that name the labels of maps. Without any, and without a finder, the
                segments are where reference differs from image.
            reference: The edited version of the photo, an image file of its size; its pixels are
                pasted when effect is "none".
            more_references: Further edited versions, from the second one on: each edit takes the
                one whose number it says as version.
            sticker_picture: An image file, of any size, that is laid on segments by the effect
                "sticker" where sticker is "picture"; what is transparent in it stays so.
            **options: Every option of the page.

        Returns:
            The path of the result: a PNG, or another format that was asked for, of the photo's size
            and colour profile.
            A report: segments (each with its number, bbox as x1 y1 x2 y2 in pixels, label, scores,
            filtered or not, reason), labels, what was left out, notes, versions, and unhidden: what
            the effect "hide" was to hide and did not, a sentence each; look at it before the
            picture is published. With edits, also edits: what each one chose.
        """
        with _as_message():
            given = Given(image, masks, reference, more_references, sticker_picture)
            asked = self._asked(given, options)
            check_something_to_paste(asked)
            return self._in_a_place(asked, self._composited)

    def segments(
        self,
        image: dict[str, Any],
        masks: list[dict[str, Any]] | None = None,
        reference: dict[str, Any] | None = None,
        *,
        more_references: list[dict[str, Any]] | None = None,
        sticker_picture: dict[str, Any] | None = None,
        **options: Any,
    ) -> dict[str, Any]:
        """Find, score and choose a photo's segments as /composite does, and paste nothing.

        Masks say where the segments are, a finder finds them in the photo itself, or both; without
        either, they are where an edited version differs from the photo. A classifier scores each
        segment, and an expression over the scores chooses
        some of them: a first look, before something is pasted.

        Args:
            image: The photo, an image file.
            masks: Image files of the photo's size that say where the segments are: black and white,
                grey (a soft edge), transparent, or label maps. A file gives one segment for each
                connected region or label. Also files of labelme, COCO, VIA, YOLO, VOC, CVAT, Label
                Studio, Supervisely or Cityscapes, that draw segments with names, and CSV, JSON or
                text files that name the labels of maps. Without any, and without a finder, the
                segments are where reference differs from image.
            reference: The edited version of the photo, an image file of its size.
            more_references: Further edited versions, from the second one on.
            sticker_picture: Means nothing here: nothing is pasted.
            **options: Every option of the page but those of pasting.

        Returns:
            A report: segments (each with its number, bbox as x1 y1 x2 y2 in pixels, label, scores,
            filtered or not, reason), labels, what was left out, notes, versions. With edits, also
            edits: what each one chose.
        """
        with _as_message():
            given = Given(image, masks, reference, more_references, sticker_picture)
            asked = self._asked(given, options)
            return self._in_a_place(asked, lambda *how: self._select(*how)[1])

    def _asked(self, given: Given, options: Mapping[str, Any]) -> Asked:
        return read_call(given, options, self._settings, self._folder)

    def _in_a_place(self, asked: Asked, work: Callable[[Asked, Any], Made]) -> Made:
        """Do a call's work once its classifier is loaded and there is a place: a hub may be silent.

        What may take seconds lets everything else have the processors first.

        Raises:
            InputError: The photo is none; nothing is fetched for it.
            ClassifierError: The classifier, or a model that is to find, cannot be loaded.
        """
        from segui.finders.finding import find_way
        from segui.finders.models.shelf import FinderShelf, check_softener
        from segui.scores.scoring import Loadable

        has_large = is_large(asked, self._settings)
        if asked.values["finder"]:
            shelf = FinderShelf(self._settings, self._shelf)
            find_way(asked.values["finder"], shelf, outlined_by=asked.values["outlined_by"])
        edges_by = str(asked.values["edges_by"]).strip()
        if edges_by and asked.values["refine_edges"]:
            check_softener(edges_by)
            FinderShelf(self._settings, self._shelf).get(edges_by).load()
        classifier = self._shelf.get(asked.classifier)
        if isinstance(classifier, Loadable):
            classifier.load()
        with self._places.one(is_large=has_large):
            if has_large:
                return standing_back(partial(work, asked, classifier))
            return work(asked, classifier)

    def _composited(self, asked: Asked, classifier: Any) -> tuple[str, dict[str, Any]]:
        worked, report = self._select(asked, classifier)
        path = self._write(asked, worked)
        return str(path), {**report, "unhidden": list(_still_seen(asked, worked))}

    def _select(self, asked: Asked, classifier: Any) -> tuple["Worked", dict[str, Any]]:
        from segui.classifiers.likeness import LikeThese
        from segui.edits import choose_for_edits
        from segui.finders.models.shelf import FinderShelf
        from segui.finders.segment_values import SegmentOptions
        from segui.pipeline import open_scene, score_scene
        from segui.scores.examples import examples_among
        from segui.takeaway.report import build_report, report_of_edits

        values = asked.values
        check_waited_for()  # it may have waited long for its place
        options = SegmentOptions.of(values)
        scene = open_scene(
            asked.inputs,
            options,
            self._settings,
            finding=check_waited_for,
            softening=check_waited_for,
            finders=FinderShelf(self._settings, self._shelf),
        )
        asked = asked.among(scene.segments)
        scene = replace(scene, notes=(*asked.notes, *scene.notes))
        if asked.classifier.name == LIKE_THESE:
            segments = scene.segments
            classifier = LikeThese(examples_among(segments, asked.examples, asked.by_hand))
        scores = score_scene(scene, classifier, check_waited_for, context=values["context"])
        about = asked.classifier.shown, tuple(getattr(classifier, "notes", ()))
        selections = choose_for_edits(scene, scores, asked.edits)
        if asked.are_listed:
            report = report_of_edits(scene, asked.edits, selections, *about)
        else:
            report = build_report(scene, selections[0], *about)
        return (scene, selections), _with_outlines(report, scene, values["outlines"])

    def _write(self, asked: Asked, worked: "Worked") -> Path:
        """The result as a file that Gradio serves, and deletes as it deletes its own."""
        from segui.edits import make_edits
        from segui.images.encoding import encode_picture

        check_waited_for()
        scene, selections = worked
        limits = self._settings
        how: dict[str, Any] = {"device": limits.device, "limits": limits, "stop": stop_of_call()}
        pixels = make_edits(scene, asked.edits, selections, **how)
        kind = FORMATS[asked.values["format"]]
        quality, profile = asked.values["quality"], scene.photo.icc_profile
        camera_data = scene.photo.camera_data if asked.values["camera_data"] else None
        about = {"icc_profile": profile, "camera_data": camera_data}
        data = encode_picture(pixels, kind.name, quality, **about)
        path = fresh_folder(self._folder) / f"composite{kind.ending}"
        store(path, data)
        return path


def add_endpoints(settings: Settings, shelf: ModelCache | None = None) -> None:
    """Add both endpoints to the ``gr.Blocks`` whose context this is called in.

    Args:
        settings: Limits, the models folder, the device.
        shelf: The page's classifiers, so that no model is loaded twice.
    """
    defaults = endpoint_defaults(settings, has_paste=True)
    options = endpoint_options(has_paste=True)
    with gr.Row(visible=False):
        image = uploads_only(gr.File(label="Photo"))
        masks = uploads_only(gr.File([], label="Masks", file_count="multiple"))
        reference = uploads_only(gr.File(label="Edited version"))
        controls = {name: parameter_control(row, defaults[name]) for name, row in options.items()}
        more = gr.File([], label="More edited versions", file_count="multiple")
        controls["more_references"] = uploads_only(more)
        controls["sticker_picture"] = uploads_only(gr.File(label="Sticker"))
        result = gr.File(label="Result")
        report = gr.JSON(label="Report")
        button = gr.Button()
    shared: dict[str, Any] = {
        "api_visibility": "public",
        "preprocess": False,  # files are guarded all the same; the rest is checked here
        "concurrency_id": CONCURRENCY_ID,
        "concurrency_limit": WORKING + WAITING,
        "show_progress": "hidden",
    }
    models = shelf or ModelCache(settings, lending=lending_of(settings))
    calls = Endpoints(settings, models, Path(image.GRADIO_CACHE))
    for method, has_paste, outputs in (
        (calls.composite, True, [result, report]),
        (calls.segments, False, report),
    ):
        taken = endpoint_options(has_paste=has_paste)
        button.click(
            as_endpoint(method, taken),
            [image, masks, reference, *(controls[name] for name in parameter_names(taken))],
            outputs,
            api_name=method.__name__,
            **shared,
        )


def _with_outlines(report: dict[str, Any], scene: "Scene", kind: str) -> dict[str, Any]:
    """The report with each segment's mask, as it is asked for."""
    from segui.takeaway.rings import polygons_of
    from segui.takeaway.runs import segmentation_of

    if not kind:
        return report
    name, made = {
        "rle": ("segmentation", segmentation_of),
        "polygons": ("polygons", polygons_of),
    }[kind]
    size_hw = scene.photo.size_hw
    rows = [
        {**row, name: made(item, size_hw)}
        for row, item in zip(report["segments"], scene.segments.items, strict=True)
    ]
    return {**report, "segments": rows}


def _still_seen(asked: Asked, worked: "Worked") -> tuple[str, ...]:
    """What was to be hidden and is not, a sentence each."""
    from segui.takeaway.unhidden import still_seen, unhidden_by_edits

    scene, selections = worked
    seen = [
        still_seen(scene, selection, edit.paste, stop=check_waited_for) if edit.enabled else None
        for edit, selection in zip(asked.edits, selections, strict=True)
    ]
    return unhidden_by_edits(scene, asked.edits, selections, asked.values, seen)


@contextmanager
def _as_message() -> Iterator[None]:
    """Turn what segui refuses into a sentence that the caller gets; a bug stays in the log.

    The sentence is plain text, as it was meant: no event of the page itself ends here, so none of
    it becomes HTML, and a caret stands under its column.
    """
    try:
        yield
    except LargeError as error:
        width, height = error.smaller_wh
        sentence = f"{error}; shrink=true opens it at {width} x {height}"
        raise gr.Error(sentence, print_exception=False) from error
    except SeguiError as error:
        raise gr.Error(str(error), print_exception=False) from error
    except Stopped as stopped:
        raise gr.Error("the client is gone", print_exception=False) from stopped
