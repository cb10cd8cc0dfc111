"""The endpoints for other programs, ``/composite`` and ``/segments``; they keep nothing.

A hidden row of components gives clients a signature and Gradio's own guard on files; their values
reach the functions here unprocessed, so that each is checked once, by this package's own rules and
with its own sentences. Torch and what needs it are imported at the first call.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from segui.classifiers.catalogue import MANUAL, MANUAL_WORDS, find_entry
from segui.classifiers.choice import ClassifierChoice, asked_names
from segui.classifiers.model_cache import ModelCache
from segui.errors import InputError, SeguiError
from segui.settings import Settings
from segui.ui.api.values import (
    check_choice,
    check_flag,
    check_real,
    check_text,
    check_upload,
    check_uploads,
    check_whole,
)
from segui.ui.layout import choices
from segui.ui.layout.uploads import uploads_only
from segui.ui.spaces.lending import lending_of

if TYPE_CHECKING:
    from segui.pipeline import Inputs, PasteOptions, Scene, SegmentOptions
    from segui.selection import Selection

# Names as the engine knows them; what the page calls them is left out.
EFFECTS = tuple(value for _, value in choices.EFFECTS)
EFFECTS_ON = tuple(value for _, value in choices.EFFECTS_ON)
ON_UNKNOWN = tuple(value for _, value in choices.ON_UNKNOWN)
EDGES = tuple(value for _, value in choices.EDGES)
MASK_KINDS = tuple(value for _, value in choices.MASK_KINDS)

MAX_EXPRESSION = 1000
MAX_FEATHER_PX = 100
MAX_CLASSIFIER_NAME = 200
MAX_DROP_PX = 1_000_000
CONCURRENCY_ID = "endpoints"  # apart from the page: a model of one must not hold up the other


@dataclass(frozen=True)
class Asked:
    """What a call asks for, checked."""

    inputs: "Inputs"
    options: "SegmentOptions"
    classifier: ClassifierChoice
    expression: str
    on_unknown: str


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

    def composite(
        self,
        image: dict[str, Any],
        masks: list[dict[str, Any]] | None = None,
        reference: dict[str, Any] | None = None,
        effect: str = "none",
        effect_on: str = "filtered",
        classifier: str = "Colour names",
        expression: str = "*",
        on_unknown: str = "remain",
        feather: int = 5,
        alpha: int = 255,
        edge: str = "smooth",
        crop_factor: float = 3.0,
        drop_size: int = 10,
        combined: bool = False,
        mask_kind: str = "auto",
    ) -> tuple[str, dict[str, Any]]:
        """Edit a photo in the segments that an expression chooses, and nowhere else.

        Masks say where the segments are; without any, they are where an edited version differs
        from the photo. A classifier scores each segment, an expression over the scores chooses
        some of them, and the edited version or an effect is pasted there with a soft edge. Every
        other pixel stays as it is.

        Args:
            image: The photo, an image file.
            masks: Image files of the photo's size that say where the segments are: black and white,
                grey (a soft edge), transparent, or label maps. A file gives one segment for each
                connected region or label. Without any, the segments are where reference differs
                from image.
            reference: The edited version of the photo, an image file of its size; its pixels are
                pasted when effect is "none".
            effect: What is pasted: "none" (the pixels of reference), or an effect on the photo:
                "blur", "pixelate", "grey", "invert", "colour" (black), "hide" (blocks so large
                that nothing can be read); or "cut-out", which makes the rest transparent.
            effect_on: What the effect changes: the "filtered" (chosen) segments, or "everything
                else".
            classifier: Who scores the segments: "Colour names" (built in, no download: the shares
                of black, blue, brown, green, grey, orange, pink, purple, red, white, yellow), or
                the repo id of an image classifier on the Hugging Face hub; or "Manual CLIP or
                SigLIP: " and the repo id of one, which is asked for what the expression names.
            expression: Which segments are chosen; "*" is all of them. It compares scores, 0 to 1 or
                percent: "red > 50%", "cat > dog and not cat < 0.2", "#Female > #Male"; or facts of
                a segment: "@area > 400" (pixels), "@rank <= 3" (the three largest),
                "@share > 1%" (of the picture), "@label = sky" (the name of its mask file).
            on_unknown: Where a segment goes whose expression is undecided, as with a label that
                the classifier does not know: "remain" (not chosen), "filter" (chosen) or "review"
                (not chosen, and listed apart).
            feather: Width of the soft edge, a whole number of pixels from 0 to 100.
            alpha: Opacity of what is pasted, a whole number from 0 (unseen) to 255 (full).
            edge: Where the soft edge lies: "smooth" (half inside, half outside of the outline),
                "outward" (outside alone), or "impact" (as ComfyUI's Impact Pack has it).
            crop_factor: Side of the crop that the classifier sees, in sides of the segment's box, a
                number from 1 to 100.
            drop_size: Width and height of a segment must both exceed this, a whole number of
                pixels, at least 1.
            combined: True makes each mask file one segment, False one a region or label.
            mask_kind: How to read the mask files: "auto", "soft" (grey is opacity) or "labels"
                (each value is a segment of its own).

        Returns:
            The path of the result: a PNG of the photo's size and colour profile.
            A report: segments (each with its number, bbox as x1 y1 x2 y2 in pixels, label, scores,
            filtered or not, reason), labels, what was left out, notes, versions.
        """
        with _as_message():
            asked = self._check(
                image, masks, reference, classifier, expression, on_unknown,
                crop_factor, drop_size, combined, mask_kind,
            )  # fmt: skip
            paste = _check_paste(effect, effect_on, feather, alpha, edge)
            _check_something_to_paste(asked.inputs, paste)
            scene, selection, report = self._select(asked)
            return str(self._write(scene, selection, paste)), report

    def segments(
        self,
        image: dict[str, Any],
        masks: list[dict[str, Any]] | None = None,
        reference: dict[str, Any] | None = None,
        classifier: str = "Colour names",
        expression: str = "*",
        on_unknown: str = "remain",
        crop_factor: float = 3.0,
        drop_size: int = 10,
        combined: bool = False,
        mask_kind: str = "auto",
    ) -> dict[str, Any]:
        """Find, score and choose a photo's segments as /composite does, and paste nothing.

        Masks say where the segments are; without any, they are where an edited version differs
        from the photo. A classifier scores each segment, and an expression over the scores chooses
        some of them: a first look, before something is pasted.

        Args:
            image: The photo, an image file.
            masks: Image files of the photo's size that say where the segments are: black and white,
                grey (a soft edge), transparent, or label maps. A file gives one segment for each
                connected region or label. Without any, the segments are where reference differs
                from image.
            reference: The edited version of the photo, an image file of its size.
            classifier: Who scores the segments: "Colour names" (built in, no download: the shares
                of black, blue, brown, green, grey, orange, pink, purple, red, white, yellow), or
                the repo id of an image classifier on the Hugging Face hub; or "Manual CLIP or
                SigLIP: " and the repo id of one, which is asked for what the expression names.
            expression: Which segments are chosen; "*" is all of them. It compares scores, 0 to 1 or
                percent: "red > 50%", "cat > dog and not cat < 0.2", "#Female > #Male"; or facts of
                a segment: "@area > 400" (pixels), "@rank <= 3" (the three largest),
                "@share > 1%" (of the picture), "@label = sky" (the name of its mask file).
            on_unknown: Where a segment goes whose expression is undecided, as with a label that
                the classifier does not know: "remain" (not chosen), "filter" (chosen) or "review"
                (not chosen, and listed apart).
            crop_factor: Side of the crop that the classifier sees, in sides of the segment's box, a
                number from 1 to 100.
            drop_size: Width and height of a segment must both exceed this, a whole number of
                pixels, at least 1.
            combined: True makes each mask file one segment, False one a region or label.
            mask_kind: How to read the mask files: "auto", "soft" (grey is opacity) or "labels"
                (each value is a segment of its own).

        Returns:
            A report: segments (each with its number, bbox as x1 y1 x2 y2 in pixels, label, scores,
            filtered or not, reason), labels, what was left out, notes, versions.
        """
        with _as_message():
            asked = self._check(
                image, masks, reference, classifier, expression, on_unknown,
                crop_factor, drop_size, combined, mask_kind,
            )  # fmt: skip
            return self._select(asked)[2]

    def _check(
        self,
        image: Any,
        masks: Any,
        reference: Any,
        classifier: Any,
        expression: Any,
        on_unknown: Any,
        crop_factor: Any,
        drop_size: Any,
        combined: Any,
        mask_kind: Any,
    ) -> Asked:
        """Every value, before any work is done."""
        from segui.expression import parse
        from segui.pipeline import Inputs, SegmentOptions

        kind: Any = check_choice("mask_kind", mask_kind, MASK_KINDS)
        options = SegmentOptions(
            crop_factor=check_real("crop_factor", crop_factor, 1, 100),
            drop_size=check_whole("drop_size", drop_size, 1, MAX_DROP_PX),
            combined=check_flag("combined", combined),
            mask_kind=kind,
        )
        text = check_text("expression", expression, MAX_EXPRESSION)
        parse(text)
        files = Inputs(
            check_upload("image", image, self._folder),
            check_uploads("masks", masks, self._folder, self._settings.max_masks),
            None if reference is None else check_upload("reference", reference, self._folder),
        )
        who = _check_classifier(classifier, self._settings.device, text)
        unknown = check_choice("on_unknown", on_unknown, ON_UNKNOWN)
        return Asked(files, options, who, text, unknown)

    def _select(self, asked: Asked) -> tuple["Scene", "Selection", dict[str, Any]]:
        from segui.pipeline import choose, open_scene, score_scene
        from segui.takeaway.report import build_report

        classifier = self._shelf.get(asked.classifier)
        scene = open_scene(asked.inputs, asked.options, self._settings)
        scores = score_scene(scene, classifier)
        selection = choose(scene, scores, asked.expression, asked.on_unknown)
        return scene, selection, build_report(scene, selection, asked.classifier.shown)

    def _write(self, scene: "Scene", selection: "Selection", paste: "PasteOptions") -> Path:
        """The result as a file that Gradio serves, and deletes as it deletes its own."""
        from segui.images.pictures import write_png
        from segui.pipeline import render

        pixels = render(scene, selection.filtered, paste, self._settings.device)
        folder = self._folder / secrets.token_hex(16)
        folder.mkdir(parents=True)
        path = folder / "composite.png"
        write_png(path, pixels, icc_profile=scene.photo.icc_profile)
        return path


def add_endpoints(settings: Settings, shelf: ModelCache | None = None) -> None:
    """Add both endpoints to the ``gr.Blocks`` whose context this is called in.

    Args:
        settings: Limits, the models folder, the device.
        shelf: The page's classifiers, so that no model is loaded twice.
    """
    with gr.Row(visible=False):
        image = uploads_only(gr.File(label="Photo"))
        masks = uploads_only(gr.File([], label="Masks", file_count="multiple"))
        reference = uploads_only(gr.File(label="Edited version"))
        effect = gr.Dropdown(EFFECTS, value="none", label="Effect")
        effect_on = gr.Dropdown(EFFECTS_ON, value="filtered", label="Effect on")
        classifier = gr.Textbox(settings.classifier, label="Classifier")
        expression = gr.Textbox("*", label="Expression")
        on_unknown = gr.Dropdown(ON_UNKNOWN, value="remain", label="If undecided")
        feather = gr.Slider(0, MAX_FEATHER_PX, value=5, step=1, precision=0, label="Feather")
        alpha = gr.Slider(0, 255, value=255, step=1, precision=0, label="Alpha")
        edge = gr.Dropdown(EDGES, value="smooth", label="Edge")
        crop_factor = gr.Slider(1, 100, value=3.0, step=0.1, label="Crop factor")
        drop_size = gr.Number(10, minimum=1, precision=0, label="Drop size")
        combined = gr.Checkbox(value=False, label="Combined")
        mask_kind = gr.Dropdown(MASK_KINDS, value="auto", label="Mask kind")
        result = gr.File(label="Result")
        report = gr.JSON(label="Report")
        button = gr.Button()
    files, how = [image, masks, reference], [classifier, expression, on_unknown]
    cut = [crop_factor, drop_size, combined, mask_kind]
    shared: dict[str, Any] = {
        "api_visibility": "public",
        "preprocess": False,  # files are guarded all the same; the rest is checked here
        "concurrency_id": CONCURRENCY_ID,
        "concurrency_limit": 2,
        "show_progress": "hidden",
    }
    models = shelf or ModelCache(settings, lending=lending_of(settings))
    calls = Endpoints(settings, models, Path(image.GRADIO_CACHE))
    composite_inputs = [*files, effect, effect_on, *how, feather, alpha, edge, *cut]
    button.click(
        calls.composite, composite_inputs, [result, report], api_name="composite", **shared
    )
    button.click(calls.segments, [*files, *how, *cut], report, api_name="segments", **shared)


def _check_classifier(value: Any, device: str, expression: str) -> ClassifierChoice:
    """One of the catalogue, else a repo id; the catalogue itself says what is allowed.

    An open vocabulary is asked for what the expression names.
    """
    text = check_text("classifier", value, MAX_CLASSIFIER_NAME).strip()
    name, _, repo_id = (part.strip() for part in text.partition(":"))
    is_listed = text in choices.CLASSIFIERS and not find_entry(text).is_manual
    if is_listed or (name == MANUAL_WORDS and repo_id):
        choice = ClassifierChoice(name, repo_id, device)
        names = asked_names("", expression) if choice.is_open else ()
        return replace(choice, names=names)
    if text in {"", MANUAL, MANUAL_WORDS, f"{MANUAL_WORDS}:"}:
        raise InputError(
            f"classifier is {text!r}: expected a name such as 'Colour names', or a repo id"
        )
    return ClassifierChoice(MANUAL, text, device)


def _check_paste(
    effect: Any, effect_on: Any, feather: Any, alpha: Any, edge: Any
) -> "PasteOptions":
    from segui.pipeline import PasteOptions

    return PasteOptions(
        effect=check_choice("effect", effect, EFFECTS),
        effect_on=check_choice("effect_on", effect_on, EFFECTS_ON),
        feather=check_whole("feather", feather, 0, MAX_FEATHER_PX),
        alpha=check_whole("alpha", alpha, 0, 255),
        edge=check_choice("edge", edge, EDGES),
    )


def _check_something_to_paste(inputs: "Inputs", paste: "PasteOptions") -> None:
    """Before the classifier works for a paste that cannot be."""
    if inputs.masks and inputs.reference is None and paste.effect == "none":
        raise InputError("there is nothing to paste: give a reference, or an effect")


@contextmanager
def _as_message() -> Iterator[None]:
    """Turn what segui refuses into a sentence that the caller gets; a bug stays in the log.

    The sentence is plain text, as it was meant: no event of the page itself ends here, so none of
    it becomes HTML, and a caret stands under its column.
    """
    try:
        yield
    except SeguiError as error:
        raise gr.Error(str(error), print_exception=False) from error
