"""The endpoints' parameters, out of the table of options: signature, docstring, schema."""

import inspect
import json
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import gradio as gr

from segui.models.finder_catalogue import OWN_MODEL
from segui.options import OPTIONS, Choice, Flag, Length, Number, Option, Text, read_options
from segui.settings import Settings

FILES: Final[Mapping[str, Any]] = {"image": inspect.Parameter.empty, "masks": [], "reference": None}
# files that came later: each stands behind an option, so that no program's order is changed
LATER_FILES: Final[Mapping[str, Any]] = {"more_references": [], "sticker_picture": None}
_BEHIND: Final = {"rules": ("more_references", "sticker_picture")}
CLASSIFIER_CHARACTERS: Final = 200
# no option of the page: it takes the place of several
EDITS: Final = Option(
    "edits",
    Text(100_000),
    default="",
    part="choose",
    label="Edits",
    meaning="Several edits, made one after the other in place of the one that expression and "
    "effect are: JSON, a list of objects with any of "
    '"rule", "effect", "effect_on", "strength", "colour", "feather", "alpha", "edge", '
    '"fade", "blend", "fit", "version", "sticker", "sticker_fit", '
    '"on_unknown", "name", "enabled" (true or false), "by_hand" (of '
    'segments\' numbers, true or false) and "among": "all" segments, or those that are "left" by '
    "the edits before. What an object does not say is as the parameter of that name. Such as "
    '[{"rule": "red > 50%", "effect": "hide"}, {"effect": "grey", "among": "left"}]',
)
POINTS: Final = Option(
    "points",
    Text(40_000),
    default="",
    part="areas",
    label="Points",
    meaning='What was clicked, for the finders "click" and "box": JSON, [[x, y, 1 or 0], ...] in '
    "px of the photo, 1 where something is wanted and 0 where it is not",
)
BOXES: Final = Option(
    "boxes",
    Text(10_000),
    default="",
    part="areas",
    label="Boxes",
    meaning='Where something is, for the finder "box": JSON, [[x1, y1, x2, y2], ...] in px of the '
    "photo",
)
OUTLINES: Final = Option(
    "outlines",
    Choice((("None", ""), ("COCO", "rle"), ("Polygons", "polygons"))),
    default="",
    part="areas",
    label="Outlines in the report",
    meaning='What the report has of each segment\'s mask: "" (nothing), "rle" (a '
    '"segmentation", COCO\'s compressed runs) or "polygons" ("polygons", lists of x and y in px '
    "along the edges of pixels; what lies in two of them is a hole)",
)
STROKES: Final = Option(
    "strokes",
    Text(10_000),
    default="",
    part="areas",
    label="Strokes",
    meaning="Which of the masks hold what was painted on others: JSON, [[place of a mask, place of "
    "its strokes], ...], places among masks from 1. Strokes are a grey picture with an alpha "
    "channel that lies over the mask: white adds, black takes away, and what is transparent stays "
    "as it is",
)
EXAMPLES: Final = Option(
    "examples",
    Text(40_000),
    default="",
    part="choose",
    label="Examples",
    meaning='Which segments the classifier "Like these" compares the others with: JSON, a list of '
    "[number, 1 or 0], by a segment's number from 1, or [x, y, 1 or 0], by a px of the photo that "
    "it has; 1 is like what is looked for, 0 is unlike. What edits decide by_hand counts too",
)
RECIPE: Final = Option(
    "recipe",
    Text(900_000),
    default="",
    part="choose",
    label="Recipe",
    meaning="A recipe that was taken away on the page, its JSON: its options, its edits, what was "
    "set by hand, clicked and painted count where the call says nothing else, that is the default; "
    "its files are not in it. With edits, its own edits and what was set by hand in them do not "
    "count. How the files differ from the recipe's is among the report's notes",
)
# what programs say and the page has no control for
_OF_PROGRAMS: Final = {
    option.name: option for option in (EDITS, POINTS, BOXES, OUTLINES, STROKES, EXAMPLES, RECIPE)
}
# as they were published: programs may send values by their order. Options that are not among these
# come after them
_ORDER: Final = (
    "effect", "effect_on", "classifier", "expression", "on_unknown", "feather", "alpha", "edge",
    "crop_factor", "drop_size", "combined", "mask_kind", "grow", "fill_holes", "invert",
    "bbox_fill", "contour_fill", "strength", "colour", "order", "scale", "context", "names",
    "template", "repo", "revision", "device", "align", "count_cast", "turn_masks", "file_labels",
    "merge_labels", "leave_out", "edits", "finder", "points", "boxes", "confidence", "face_area",
    "smallest_face", "tolerance", "connected", "background", "outlines",
    "among", "blend", "fit", "format", "quality", "each_mask", "strokes", "refine_edges",
    "finder_repo", "words", "candidate", "keep_labels", "overlaps", "merge_touching", "largest",
    "rules", "version", "camera_data", "fade", "outlined_by", "sticker", "sticker_fit",
    "shrink", "examples", "padded_masks", "edges_by", "turn_photo", "recipe",
)  # fmt: skip
_MODELS: Final = ("classifier", "finder")
_OF_PICTURES: Final = ("paste", "take")
_OPTION = inspect.Parameter.POSITIONAL_OR_KEYWORD
_WIDTH = 100


def endpoint_options(*, has_paste: bool) -> dict[str, Option]:
    """The options that an endpoint takes, in the order of its parameters.

    Args:
        has_paste: Whether it pastes; without, how something is pasted means nothing.
    """
    names = [*_ORDER, *(name for name in OPTIONS if name not in _ORDER)]
    every = {**OPTIONS, **_OF_PROGRAMS}
    return {
        name: _of_programs(every[name])
        for name in names
        if has_paste or every[name].part not in _OF_PICTURES
    }


def endpoint_defaults(settings: Settings, *, has_paste: bool) -> dict[str, Any]:
    """What counts for each parameter that a call leaves out, on this server; files come first.

    Args:
        settings: For the classifier and the device.
        has_paste: Whether the endpoint pastes.
    """
    options = endpoint_options(has_paste=has_paste)
    known = {**_defaults(settings, options), **LATER_FILES}
    return {**FILES, **{name: known[name] for name in parameter_names(options)}}


def parameter_names(options: Iterable[str]) -> tuple[str, ...]:
    """What stands behind the first files, in order: options, and among them the later files."""
    return tuple(name for option in options for name in (option, *_BEHIND.get(option, ())))


def read_parameters(values: Mapping[str, object], settings: Settings) -> dict[str, Any]:
    """The values of options that a program sends, checked, and those of all others.

    Args:
        values: By name; the classifier may be a repo id, where the page has a list, and what is
            JSON may be the list or the object itself, where a browser sends its text.
        settings: For what counts where nothing is said.

    Raises:
        InputError: One is unknown or cannot be taken.
    """
    every = {**_defaults(settings, OPTIONS), **values}
    own = {name: _of_programs(OPTIONS[name]).read(every.pop(name)) for name in _MODELS}
    if own["finder"] == OWN_MODEL:
        own["finder"] = str(every["finder_repo"]).strip() or OWN_MODEL
    for name, option in _OF_PROGRAMS.items():
        said = every.pop(name, option.default)
        own[name] = option.read(json.dumps(said) if isinstance(said, list | dict) else said)
    return {**read_options(every), **own}


def as_endpoint(method: Callable[..., Any], options: Mapping[str, Option]) -> Callable[..., Any]:
    """A method as Gradio, its API page and MCP read it: with a parameter for every option.

    Args:
        method: Takes the files by name and the options as ``**options``, and by name alone the
            files that came later; its docstring is the beginning of the function's.
        options: The options, in order.
    """
    own = inspect.signature(method).parameters.values()
    files = [parameter for parameter in own if parameter.kind is _OPTION]
    added = {
        name: inspect.Parameter(
            name, _OPTION, default=option.default, annotation=type(option.default)
        )
        for name, option in options.items()
    }
    added |= {one.name: one.replace(kind=_OPTION) for one in own if one.name in LATER_FILES}
    signature = inspect.Signature([*files, *(added[name] for name in parameter_names(options))])

    def endpoint(*values: Any) -> Any:
        return method(**signature.bind(*values).arguments)

    endpoint.__name__ = method.__name__
    endpoint.__doc__ = _docstring(inspect.getdoc(method) or "", options)
    endpoint.__signature__ = signature  # type: ignore[attr-defined]
    return endpoint


def parameter_control(option: Option, default: Any) -> gr.components.Component:
    """The hidden component that gives a parameter its name, default and schema.

    Args:
        option: The option.
        default: Its default on this server.
    """
    shown: dict[str, Any] = {"value": default, "label": option.label}
    control: gr.components.Component
    match option.kind:
        case Flag():
            control = gr.Checkbox(**shown)
        case Length():
            control = gr.Number(**shown)
            # a share is text, which a number's own check would refuse
            control.preprocess = lambda payload: payload  # type: ignore[method-assign]
        case Number(is_whole=is_whole):
            control = gr.Number(**shown, precision=0 if is_whole else None)
        case Choice():
            control = gr.Dropdown([*option.kind.values], **shown)
        case _:
            control = gr.Textbox(**shown)
    # the last is what the API page shows
    schema = {**option.schema, "default": default, "additional_description": option.described}
    control.api_info = lambda: schema  # type: ignore[method-assign]
    return control


def _defaults(settings: Settings, options: Mapping[str, Option]) -> dict[str, Any]:
    own = {"classifier": settings.classifier, "device": settings.device}
    return {name: option.default for name, option in options.items()} | own


def _of_programs(option: Option) -> Option:
    """Classifiers and finders are named by their repo ids too, which no list has."""
    is_model = option.name in _MODELS
    return replace(option, kind=Text(CLASSIFIER_CHARACTERS)) if is_model else option


def _docstring(text: str, options: Mapping[str, Option]) -> str:
    """A docstring whose arguments end with the options."""
    before, _, result = text.partition("\n    **options:")
    _, _, result = result.partition("\n\n")
    listed = [
        textwrap.fill(
            f"{name}: {option.described}",
            _WIDTH,
            initial_indent="    ",
            subsequent_indent="        ",
            break_on_hyphens=False,
        )
        for name, option in options.items()
    ]
    return "\n".join([before, *listed]) + f"\n\n{result}"
