"""What a page is told of a view: cells, by component and property."""

import gc
import io
import weakref
from base64 import b64decode
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from segui import Segments
from segui.backend.effect_table import EFFECT_NAMES
from segui.finders.found_by import FoundBy, Offered
from segui.images.orientation import BROKEN_EXIF
from segui.models.finder_catalogue import EDGE_CATALOGUE, FINDER_CATALOGUE, FinderEntry
from segui.options import OPTIONS, PASTE_OPTIONS, option_values, unsuited
from segui.paste_values import PasteOptions
from segui.rendering import render
from segui.session import commands
from segui.session.derive import Plan
from segui.session.files import FileRef
from segui.session.reduce import reduce, with_options
from segui.session.results import Counted, Failed, Task
from segui.session.view import Step, View
from segui.settings import Settings
from segui.ui.render import Renderer
from segui.ui.screen import FRAME, Of, Screen
from segui.ui.view.takes import TAKES
from tests.images.exif import exif_of_a_camera
from tests.session.worked import inputs_of, view_of

RENDERER = Renderer(Settings(), lends_gpu=False, labels_of=lambda _: ())
SCENE = Task("scene", "key")
OF_PHOTO = "Px of the full-size photo, or % of each area's own side"


@pytest.fixture
def worked(pictures: Path, tmp_path: Path) -> View:
    """A photo with two areas, both made grey."""
    return view_of(
        inputs_of(pictures / "photo.png", pictures / "mask.png", effect="grey"), tmp_path
    )


def cells(view: View, screen: Screen | None = None) -> dict[Any, Any]:
    return dict(RENDERER.cells(view, screen or Screen()))


def planned(view: View, **changes: Any) -> View:
    return replace(view, plan=replace(view.plan, **changes))


def saying(view: View, **changes: Any) -> View:
    """The same view of other inputs, though nothing follows from them."""
    return planned(view, inputs=replace(view.inputs, **changes))


# ---- while something is being done --------------------------------------------------------------


def test_while_areas_are_found_it_is_told_what_was_said_and_what_is_done(worked: View):
    told = cells(planned(worked, todo=(SCENE,)))
    assert told[FRAME, "busy"] == "Finding the areas…"
    assert told["option.effect", "value"] == "grey"
    assert (FRAME, "result") not in told
    assert ("filtered", "value") not in told


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        ("photo", "Reading the photo…"),
        ("scores", "Judging the areas…"),
        ("painted", "One moment…"),
    ],
)
def test_what_is_being_done_has_a_sentence(worked: View, stage: Any, sentence: str):
    assert cells(planned(worked, todo=(Task(stage, "key"),)))[FRAME, "busy"] == sentence


@pytest.mark.parametrize(
    ("total", "sentence"),
    [(12, "Finding the areas: 3 of 12 files…"), (1, "Finding the areas…")],
)
def test_of_many_files_it_is_told_how_many_are_read(worked: View, total: int, sentence: str):
    view = replace(planned(worked, todo=(SCENE,)), finding=Step("finding", min(3, total), total))
    assert cells(view)[FRAME, "busy"] == sentence


def test_along_edges_it_is_told_how_far_a_model_is_and_about_how_long_the_rest_takes(worked: View):
    view = replace(planned(worked, todo=(SCENE,)), finding=Step("softening", 2, 8))
    assert cells(view)[FRAME, "busy"] == (
        "Softening edges: 2 of 8 parts, about 11 s to go on a CPU…"
    )
    before = replace(view, finding=Step("softening", 0, 0))
    assert cells(before)[FRAME, "busy"] == "Finding the areas…"


@pytest.mark.parametrize("can_undo", [True, False])
def test_what_is_being_found_can_be_cancelled_where_it_can_be_taken_back(
    worked: View, can_undo: bool
):
    view = replace(planned(worked, todo=(SCENE,)), can_undo=can_undo)
    assert cells(view)["cancel", "visible"] is can_undo


def test_nothing_can_be_cancelled_at_rest(worked: View):
    assert cells(replace(worked, can_undo=True))["cancel", "visible"] is False


# ---- at rest ------------------------------------------------------------------------------------


def test_at_rest_the_result_is_there_and_can_be_taken(worked: View):
    told = cells(worked)
    assert told[FRAME, "busy"] == ""
    assert told[FRAME, "result"].startswith("data:image/jpeg;base64,")
    assert told[FRAME, "numbers"] == [1, 2]
    assert told[FRAME, "paste"] == {name: worked.inputs.entered[name] for name in PASTE_OPTIONS}
    assert [told[f"take.{kind}", "interactive"] for kind in TAKES] == [True] * len(TAKES)
    assert told["problem", "value"] == ""


def test_a_value_that_is_not_in_force_says_why_under_its_control(worked: View):
    told = cells(saying(worked, refused={"grow": "grow is 600: expected at most 500"}))
    assert told["option.grow", "info"] == "Not used: grow is 600: expected at most 500."


@pytest.mark.parametrize(
    ("effect", "slider", "info"),
    [
        (
            "blur",
            ("Blur", 0, 200, 1),
            f"{OF_PHOTO}; 0 is automatic: 7.68 px for this photo.",
        ),
        (
            "hide",
            ("Block size", 0, 200, 1),
            f"{OF_PHOTO}; 0 makes 6 blocks a side of each area, and none finer than 4 px.",
        ),
        (
            "pixelate",
            ("Block size", 0, 200, 1),
            f"{OF_PHOTO}; 0 is automatic: 29 px, for this photo and its largest area.",
        ),
        (
            "brightness",
            ("Brightness", 0, 300, 1),
            "Percent; 100 changes nothing, 0 is the usual 130.",
        ),
        ("hue", ("Turn", -360, 360, 1), "Degrees; 0 is the usual 180."),
        ("temperature", ("Warmth", -100, 100, 1), "Below 0 is colder, 0 is the usual 40."),
    ],
)
def test_the_strength_has_the_effects_own_name_unit_and_limits(
    worked: View, effect: str, slider: tuple[object, ...], info: str
):
    told = cells(saying(worked, options={**worked.inputs.options, "effect": effect}))
    names = ("label", "minimum", "maximum", "step")
    assert tuple(told["option.strength", name] for name in names) == slider
    assert told["option.strength", "info"] == info
    assert told["option.strength", "visible"] is True


def test_what_went_wrong_is_told_the_most_urgent_thing_alone(worked: View):
    screen = Screen()
    failed = planned(worked, failure=Failed("mask.png is no picture"), mishap="no thumbnails")
    assert "mask.png is no picture" in cells(failed)["problem", "value"]
    assert "no thumbnails" in cells(planned(worked, mishap="no thumbnails"))["problem", "value"]
    screen.remark = ("said at this moment", failed.number)
    # both are to be known: what was given was taken for this and that, and one of it fails
    said = 'said at this moment<p class="problem-text" role="alert">mask.png is no picture.</p>'
    assert cells(failed, screen)["problem", "value"] == said
    mishap = planned(worked, mishap="no thumbnails")
    screen.remark = ("said at this moment", mishap.number)
    assert cells(mishap, screen)["problem", "value"] == "said at this moment"
    assert "mask.png" in cells(replace(failed, number=2), screen)["problem", "value"]


def test_the_nodes_names_are_there_for_who_works_as_with_them(worked: View):
    told = cells(worked)
    assert told["option.feather", "info"].endswith("0 is hard.")
    told = cells(saying(worked, options={**worked.inputs.options, "edge": "impact"}))
    assert told["option.feather", "info"].endswith("0 is hard. [feather]")
    assert told["option.drop_size", "info"].endswith("[drop_size]")


# ---- edits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "Grey <small>2 of 2 areas</small>"),
        ({"expression": "@index = 1"}, "Grey <small>1 of 2 areas</small>"),
        ({"effect_on": "everything else"}, "Grey on all but the 2 areas<"),
        (
            {"effect_on": "everything else", "expression": "@index = 1"},
            "Grey on all but 1 of 2 areas<",
        ),
        ({"effect_on": "everything else", "expression": "@index = 9"}, "Grey on everything<"),
        (
            {"effect_on": "everything else", "expression": "nobody > 1", "on_unknown": "review"},
            "Grey on everything <small>2 undecided</small>",
        ),
        ({"combined": True}, "<span>Grey</span>"),
        ({"combined": True, "expression": "@index = 1"}, "<span>Grey</span>"),
        ({"combined": True, "expression": "@index = 9"}, "Grey <small>0 of 1 area</small>"),
    ],
)
def test_an_edit_says_where_it_is_made(
    pictures: Path, tmp_path: Path, options: dict[str, Any], said: str
):
    given = inputs_of(pictures / "photo.png", pictures / "mask.png", effect="grey", **options)
    assert said in cells(view_of(given, tmp_path))["edits", "value"]


def test_a_name_stands_for_its_rule_which_is_said_beside_it(worked: View):
    told = cells(saying(worked, edit_name="<jackets>"))["edits", "value"]
    assert "1. &lt;jackets&gt;</strong>" in told
    assert "Every area: Grey" in told


def test_an_edit_says_which_effect_it_is_of(worked: View):
    """The page shows the group of effects that an edit's is in when it is opened."""
    told = cells(saying(worked, options={**worked.inputs.options, "effect": "sepia"}))
    number = worked.inputs.open_edit.id
    assert f'data-open="{number}" data-effect="sepia"' in told["edits", "value"]


def test_of_one_area_the_rule_waits_to_be_asked_for(pictures: Path, tmp_path: Path):
    given = inputs_of(pictures / "photo.png", pictures / "mask.png", effect="grey", combined=True)
    screen, step = Screen(), ("choose_step", "open")
    alone = view_of(given, tmp_path)
    assert len(alone.segments) == 1
    told = cells(alone, screen)
    assert told[step] is False
    assert "1. The one area</strong>" in told["edits", "value"]
    screen.message(told, 1)
    ruled = saying(alone, entered={**given.entered, "expression": "red > 50%"})
    assert cells(ruled, screen)[step] is True


def test_of_one_area_the_rule_of_a_further_edit_waits_too(pictures: Path, tmp_path: Path):
    given = inputs_of(pictures / "photo.png", pictures / "mask.png", effect="grey", combined=True)
    given = reduce(given, commands.AddEdit())
    assert len(given.edits) == 2
    told = cells(view_of(given, tmp_path), Screen())
    assert told["choose_step", "open"] is False


def test_of_several_areas_the_rule_is_where_it_was(worked: View):
    assert ("choose_step", "open") not in cells(worked)


def test_a_size_that_does_not_fit_gets_a_button(worked: View):
    fits, other = (Failed("it is 3 x 3", can_scale=can) for can in (True, False))
    assert 'data-option="scale"' in cells(planned(worked, failure=fits))["problem", "value"]
    assert "<button" not in cells(planned(worked, failure=other))["problem", "value"]


# ---- what is given away -------------------------------------------------------------------------


def test_what_is_not_hidden_is_asked_before_the_picture_is_given_away(
    pictures: Path, tmp_path: Path
):
    options = {"effect": "hide", "expression": "no_such_label > 0.5", "on_unknown": "review"}
    view = view_of(inputs_of(pictures / "photo.png", pictures / "mask.png", **options), tmp_path)
    screen = Screen()
    shown = {name: cells(view, screen)[name, "visible"] for name in ("download", "ask_download")}
    assert shown == {"download": False, "ask_download": True}
    assert cells(view, screen)["question", "visible"] is False
    assert "2 areas are undecided: 1, 2" in cells(view, screen)["question_text", "value"]
    screen.asked_of = Of(view.selection)
    assert cells(view, screen)["question", "visible"] is True


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"expression": "no_such_label > 0.5"}, "2 areas are undecided: 1, 2"),
        ({"alpha": 128}, "2 areas are see-through, the opacity being 50 %: 1, 2"),
        ({"feather": 80}, "2 areas are see-through in the middle, the soft edge being 80 px: 1, 2"),
    ],
)
def test_whatever_is_not_hidden_takes_the_plain_download_away(
    pictures: Path, tmp_path: Path, options: dict[str, Any], expected: str
):
    hiding = {"effect": "hide", **options}
    told = cells(
        view_of(inputs_of(pictures / "photo.png", pictures / "mask.png", **hiding), tmp_path)
    )
    assert (told["download", "visible"], told["ask_download", "visible"]) == (False, True)
    assert expected in told["question_text", "value"]


@pytest.mark.parametrize(
    ("on_unknown", "effect_on", "is_said"),
    [
        ("remain", "filtered", True),
        ("review", "filtered", True),
        ("filter", "filtered", False),
        ("review", "everything else", False),
        ("filter", "everything else", True),
    ],
)
def test_undecided_areas_that_are_shown_are_counted_below_the_picture(
    pictures: Path, tmp_path: Path, on_unknown: str, effect_on: str, is_said: bool
):
    options = {
        "effect": "hide",
        "effect_on": effect_on,
        "expression": "no_such_label > 0.5",
        "on_unknown": on_unknown,
    }
    view = view_of(inputs_of(pictures / "photo.png", pictures / "mask.png", **options), tmp_path)
    sentence = "2 undecided areas are not hidden yet: include each, or leave it out."
    assert (sentence in cells(view)["problem", "value"]) == is_said


def test_where_all_is_hidden_nothing_is_asked(worked: View):
    told = cells(worked)
    assert (told["download", "visible"], told["ask_download", "visible"]) == (True, False)


# ---- what the browser draws with ----------------------------------------------------------------


def test_the_frame_is_to_ask_for_what_it_draws_with_until_it_has_it(worked: View):
    from segui.ui.view.live import live_key

    screen = Screen()
    assert cells(worked, screen)[FRAME, "live"] == {"key": 0}
    key = screen.asks_for_live()
    assert cells(worked, screen)[FRAME, "live"] == {"key": key}, "it asks for it again"
    screen.live = Of(*live_key(worked)), {"layers": [], "key": key}
    assert cells(worked, screen)[FRAME, "live"] == {"layers": [], "key": key}
    other = saying(worked, options={**worked.inputs.options, "effect": "invert"})
    assert cells(other, screen)[FRAME, "live"] == {"key": key}


def test_what_was_painted_here_is_as_the_page_has_it_and_else_as_the_file_is(worked: View):
    screen = Screen()
    assert cells(worked, screen)[FRAME, "painted"] == {"mask": "", "told": 0}
    screen.painted_here(None, "", 3)
    assert cells(worked, screen)[FRAME, "painted"] == {"mask": "", "told": 3}


def with_strokes(worked: View, file: FileRef) -> tuple[View, str]:
    """The same with strokes on its first mask file, which is told too."""
    inputs = worked.inputs
    mask = inputs.files.masks[0]
    painted = replace(inputs, files=inputs.files.with_strokes({mask.id: file}))
    return replace(worked, plan=replace(worked.plan, inputs=painted)), mask.id


def test_what_is_said_of_several_masks_is_said_once(pictures: Path, tmp_path: Path):
    masks = [tmp_path / f"{name}.png" for name in ("cup", "spoon")]
    for mask in masks:
        mask.write_bytes((pictures / "mask.png").read_bytes())
    told = cells(view_of(inputs_of(pictures / "photo.png", *masks), tmp_path))["notes", "value"]
    assert told.count("read as") == 1
    assert "cup.png, spoon.png: read as" in told


def test_each_mask_file_is_a_layer_with_what_was_painted_on_it(worked: View, tmp_path: Path):
    screen, file = Screen(), FileRef("strokes", tmp_path / "strokes.png")
    file.path.write_bytes(b"png")
    view, mask = with_strokes(worked, file)
    name = view.inputs.files.masks[0].name
    layer = {"layer": mask, "name": name, "strokes": "data:image/png;base64,cG5n", "told": 0}
    assert cells(view, screen)[FRAME, "layers"] == [layer]
    assert f'title="What you painted on {name}"' in cells(view, screen)["mask_list", "value"]
    screen.painted_on_mask(mask, file, "data:as sent", 2)
    assert cells(view, screen)[FRAME, "layers"] == [{**layer, "strokes": "data:as sent", "told": 2}]
    screen.painted_on_mask(mask, None, "", 3)
    assert cells(view, screen)[FRAME, "layers"] == [{**layer, "told": 3}], "undone by the page"


def test_annotations_are_not_painted_on(worked: View, tmp_path: Path):
    file = FileRef("labelme", tmp_path / "labelme.json")
    file.path.write_text("{}")
    inputs = worked.inputs
    files = replace(inputs.files, masks=(*inputs.files.masks, file))
    view = replace(worked, plan=replace(worked.plan, inputs=replace(inputs, files=files)))
    told = cells(view, Screen())
    assert [layer["layer"] for layer in told[FRAME, "layers"]] == [inputs.files.masks[0].id]
    assert told["mask_list", "value"].count("data-paint") == 1


def test_what_a_page_was_told_keeps_no_picture_alive(worked: View):
    from segui.ui.view.live import live_key

    screen, plan = Screen(), worked.plan
    large = ("photo", "small", "scene", "scored", "selection", "pictures", "painted")
    view = planned(worked, **{name: copy(getattr(plan, name)) for name in large})
    held = {name: weakref.ref(getattr(view.plan, name)) for name in large}
    screen.base_of = view.inputs.files.masks[0].id
    screen.live = Of(*live_key(view)), {"layers": [], "key": 1}
    screen.left_out, screen.asked_of = (1, Of(view.scene)), Of(view.selection)
    told = cells(view, screen)
    assert told[FRAME, "live"] == {"layers": [], "key": 1}
    assert told[FRAME, "left_out"]["key"] == 1
    del view
    gc.collect()
    assert {name: made() for name, made in held.items() if made() is not None} == {}
    again = cells(planned(worked, photo=None, scene=None, selection=None), screen)
    assert again["photo_card", "value"] != told["photo_card", "value"], "what is gone is not shown"


def test_what_lies_below_the_paint_is_told_of_the_layer_that_is_painted_on(worked: View):
    screen, mask = Screen(), worked.inputs.files.masks[0]
    assert cells(worked, screen)[FRAME, "base"] is None
    screen.base_of = mask.id
    base = cells(worked, screen)[FRAME, "base"]
    assert (base["layer"], base["trouble"]) == (mask.id, "")
    assert cells(worked, screen)[FRAME, "base"] is base
    with Image.open(io.BytesIO(b64decode(base["mask"].partition(",")[2]))) as image:
        height, width = worked.photo.size_hw
        assert (image.mode, max(image.size)) == ("L", min(1024, max(height, width)))
    inverted = saying(worked, options={**worked.inputs.options, "invert": True})
    assert cells(inverted, screen)[FRAME, "base"]["mask"] != base["mask"]
    screen.base_of = "gone"
    assert cells(worked, screen)[FRAME, "base"] is None


def test_nothing_given_is_a_page_without_a_result():
    from segui.options import default_values
    from segui.session.inputs import Inputs

    told = cells(View(0, Plan(Inputs.fresh(default_values()))))
    assert (told[FRAME, "photo"], told[FRAME, "result"], told[FRAME, "size"]) == ("", "", None)
    assert told["paint", "interactive"] is False
    assert told["download", "interactive"] is False


def test_what_needs_no_effect_can_be_taken_away_without_one(worked: View):
    inputs = with_options(worked.inputs, {"effect": "none"})
    told = cells(planned(worked, inputs=inputs, painted=None), Screen())
    assert [kind for kind in TAKES if not told[f"take.{kind}", "interactive"]] == [
        "layers", "psd", "copy",
    ]  # fmt: skip
    assert told["download", "interactive"] is False


def test_beside_the_download_stands_what_it_gives(worked: View):
    assert cells(worked, Screen())["gives", "value"] == (
        '<p class="help">512 x 512, without camera data.</p>'
    )
    nothing = with_options(worked.inputs, {"expression": "@index > 99"})
    selections = tuple(replace(one, sides=("remained",) * 2) for one in worked.plan.selections)
    unchanged = planned(worked, inputs=nothing, selections=selections)
    assert "this is the photo as it is" in cells(unchanged, Screen())["gives", "value"]
    around = with_options(nothing, {"effect_on": "everything else"})
    changed = planned(worked, inputs=around, selections=selections)
    assert "as it is" not in cells(changed, Screen())["gives", "value"]


def test_where_there_is_nothing_to_download_yet_what_is_to_be_said_stands_there(worked: View):
    no_effect = with_options(worked.inputs, {"effect": "none"})
    told = cells(planned(worked, inputs=no_effect, painted=None))
    assert told["gives", "value"] == (
        '<p class="help">No picture to download yet: say what happens to the areas.</p>'
    )
    told = cells(planned(worked, inputs=no_effect, painted=None, scene=None))
    assert told["gives", "value"] == (
        '<p class="help">No picture to download yet: say where the areas are.</p>'
    )
    assert cells(planned(worked, painted=None, photo=None))["gives", "value"] == ""
    failed = Failed("photo.png is broken")
    assert cells(planned(worked, painted=None, failure=failed))["gives", "value"] == ""


def test_camera_data_can_be_kept_where_there_is_some_and_the_line_says_what(worked: View):
    assert cells(worked, Screen())["option.camera_data", "visible"] is False
    kept = planned(worked, inputs=with_options(worked.inputs, {"camera_data": True}))
    told = cells(kept, Screen())
    assert told["option.camera_data", "visible"] is True
    assert told["gives", "value"] == (
        '<p class="help">512 x 512, without camera data, since the photo has none that is kept.</p>'
    )
    assert worked.photo is not None
    photo = replace(worked.photo, camera_data=exif_of_a_camera())
    told = cells(planned(worked, photo=photo), Screen())
    assert told["option.camera_data", "visible"] is True
    assert told["gives", "value"] == '<p class="help">512 x 512, without camera data.</p>'
    told = cells(planned(kept, photo=photo), Screen())
    assert told["gives", "value"] == (
        '<p class="help">512 x 512, with camera, lens, exposure, dates and author as the photo has '
        "them; without place, serial numbers and thumbnail.</p>"
    )


def test_the_button_says_the_format_and_the_line_beside_it_what_is_lost(worked: View):
    told = cells(worked, Screen())
    assert (told["download", "value"], told["ask_download", "value"]) == (
        "Download PNG",
        "Download PNG…",
    )
    assert told["option.quality", "visible"] is False
    jpeg = planned(worked, inputs=with_options(worked.inputs, {"format": "jpeg"}))
    told = cells(jpeg, Screen())
    assert told["download", "value"] == "Download JPEG"
    assert told["option.quality", "visible"] is True
    assert "white" not in told["gives", "value"]
    assert worked.plan.painted is not None
    clear = np.zeros((512, 512, 4), np.uint8)
    cut = replace(worked.plan.painted, pixels=clear)
    told = cells(planned(jpeg, painted=cut), Screen())
    assert "JPEG has no transparency: what is transparent is white there" in told["gives", "value"]


# ---- finding by a model --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "shown"),
    [
        ("", set()),
        ("SAM 2.1", {"candidate"}),
        ("SAM 2.1@main", {"candidate"}),
        ("Words", {"words", "outlined_by"}),
        ("Words, softly", {"words"}),
        ("Boxes", {"outlined_by"}),
        ("Everything", set()),
        ("org/of-which-nothing-is-known", {"candidate", "words", "outlined_by"}),
    ],
)
def test_a_model_that_finds_is_asked_what_it_takes_once_it_is_named(
    worked: View, model: str, shown: set[str]
):
    options = {**worked.inputs.options, "finder": "model", "finder_repo": model}
    told = cells(saying(worked, options=options))
    assert told["option.finder_repo", "visible"] is True
    has_confidence = bool(model) and not model.startswith("SAM")  # SAM is sure of what is clicked
    assert told["option.confidence", "visible"] is has_confidence
    names = ("candidate", "words", "outlined_by")
    asked = {name for name in names if told[f"option.{name}", "visible"]}
    assert asked == shown


@pytest.mark.parametrize(
    ("said", "is_shown"),
    [({}, False), ({"refine_edges": 9}, True), ({"edges_by": "ViTMatte"}, True)],
)
def test_who_follows_edges_is_asked_where_they_are_followed(
    worked: View, said: dict[str, Any], is_shown: bool
):
    told = cells(saying(worked, options={**worked.inputs.options, **said}))
    assert told["option.edges_by", "visible"] is is_shown


@pytest.mark.parametrize(
    ("by", "shown"),
    [
        (FoundBy("org/one", "marks"), {"candidate"}),
        (FoundBy("org/one", "words"), {"confidence", "words"}),
        (FoundBy("org/one", has_boxes=True), {"confidence", "outlined_by"}),
        (FoundBy("org/another", "marks"), {"candidate", "confidence", "words", "outlined_by"}),
    ],
)
def test_a_model_named_by_its_repo_has_the_controls_of_what_it_turned_out_to_be(
    worked: View, by: FoundBy, shown: set[str]
):
    options = {**worked.inputs.options, "finder": "model", "finder_repo": "org/one"}
    assert worked.scene is not None
    view = planned(saying(worked, options=options), scene=replace(worked.scene, found_by=by))
    told = cells(view)
    names = ("candidate", "confidence", "words", "outlined_by")
    assert {name for name in names if told[f"option.{name}", "visible"]} == shown


def test_a_way_says_what_it_costs_until_it_says_how_many_areas_it_would_find(worked: View):
    def found(count: int) -> Counted:
        segment = worked.segments[0]
        return Counted(Segments((512, 512), [segment] * count))

    plain = cells(worked)["option.finder", "choices"]
    assert plain == [
        ["No", ""],
        ["Faces, 0.1 s", "faces"],
        ["Colours, 0.3 s", "colours"],
        ["What is clicked, 0.05 s", "click"],
        ["What is in a box, 0.5 s", "box"],
        ["By a model", "model"],
    ]
    told = cells(planned(worked, counts={"faces": found(0), "colours": found(1200)}))
    assert told["option.finder", "choices"] == [
        *(["No", ""], ["No faces", "faces"], ["Colours · 1,200", "colours"]),
        *plain[3:],
    ]


def test_a_way_that_cannot_be_had_here_says_why_before_it_is_pressed(worked: View):
    renderer = replace(RENDERER, absent={"faces": "the package a is missing: pip brings it"})
    told = renderer.cells(worked, Screen())
    assert told["option.finder", "choices"][1] == ["Faces, not here", "faces"]
    assert told["option.finder", "info"] == (
        f"{OPTIONS['finder'].help} Faces: the package a is missing: pip brings it."
    )
    assert cells(worked)["option.finder", "info"] == OPTIONS["finder"].help


def test_a_model_says_what_it_costs_and_less_where_it_was_fetched_before(worked: View):
    asked: list[str] = []

    def has_files(entry: FinderEntry) -> bool:
        asked.append(entry.repo_id)
        return entry.name == "SlimSAM"

    renderer = replace(RENDERER, has_files=has_files)
    choices = ("option.finder_repo", "choices")
    assert choices not in renderer.cells(worked, Screen())
    assert asked == []
    view = saying(worked, options={**worked.inputs.options, "finder": "model"})
    labels = {name: label for label, name in renderer.cells(view, Screen())[choices]}
    assert labels.keys() == {entry.name for entry in FINDER_CATALOGUE}
    assert labels["Everything"] == (
        "Everything, 190 MB to fetch once, then 2.9 s (other; MIT upstream)"
    )
    assert labels["SlimSAM"] == "What is clicked or framed, SlimSAM, 8.4 s (Apache-2.0)"
    assert labels["Words, SAM 3"] == (
        "By words, SAM 3, gated by its owner, 3,450 MB to fetch once, then 78 s (SAM License)"
    )
    edges = ("option.edges_by", "choices")
    assert edges not in renderer.cells(worked, Screen())
    view = saying(worked, options={**worked.inputs.options, "refine_edges": 9})
    (entry,) = EDGE_CATALOGUE
    assert renderer.cells(view, Screen())[edges] == [[entry.label, "ViTMatte"]]
    has_all = replace(RENDERER, has_files=lambda _: True)
    assert has_all.cells(view, Screen())[edges] == [[entry.label_here, "ViTMatte"]]


def test_a_model_of_the_list_says_whose_it_is(worked: View):
    def help_of(name: str) -> str:
        said = {"finder": "model", "finder_repo": name}
        view = saying(worked, options={**worked.inputs.options, **said})
        return str(cells(view)["option.finder_repo", "info"])

    assert help_of("") == OPTIONS["finder_repo"].help == help_of("org/one")
    assert help_of("SlimSAM") == "Licence: Apache-2.0."
    assert help_of("Clothes") == (
        "Licence: MIT. Parts of what it was trained on or from are for non-commercial use."
    )


def test_least_confidence_says_of_what_it_is(worked: View):
    def help_of(**said: str) -> str:
        view = saying(worked, options={**worked.inputs.options, **said})
        return str(cells(view)["option.confidence", "info"])

    less = "Less finds more, and more that is not what was looked for."
    assert help_of(finder="faces") == f"How sure it has to be that something is a face. {less}"
    assert help_of(finder="model", finder_repo="Words") == (
        f"How sure the model has to be; 0.6 takes what such models are asked as a rule. {less}"
    )


def test_what_stays_of_what_is_found_can_be_seen_wherever_it_says_something(worked: View):
    options = {**worked.inputs.options, "finder": "faces"}
    assert cells(saying(worked, options=options))["option.keep_labels", "visible"] is False
    view = saying(worked, options={**options, "keep_labels": "dog"})
    assert cells(view)["option.keep_labels", "visible"] is True
    nobody = saying(worked, options={**options, "keep_labels": "dog", "finder": ""})
    assert cells(nobody)["option.keep_labels", "visible"] is False


def test_the_list_of_models_is_there_for_who_finds_by_one(worked: View):
    assert cells(worked)["option.finder_repo", "visible"] is False


# ---- what is marked to be found -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("finder", "way"),
    [
        ({"finder": "click"}, "click"),
        ({"finder": "box"}, "box"),
        ({"finder": "model", "finder_repo": "SAM 2.1"}, "both"),
        ({"finder": "model", "finder_repo": "Everything"}, ""),
        ({"finder": "model", "finder_repo": "org/sam"}, ""),
        ({"finder": "faces"}, ""),
    ],
)
def test_a_finder_says_how_it_is_shown_what_to_find(worked: View, finder: dict[str, Any], way: str):
    view = saying(worked, options={**worked.inputs.options, **finder})
    assert cells(view)[FRAME, "marks"]["way"] == way


def test_a_model_that_asks_for_marks_gets_them_and_keeps_them(worked: View):
    by_name = {"finder": "model", "finder_repo": "org/sam"}
    view = saying(worked, options={**worked.inputs.options, **by_name})
    assert view.scene is not None
    asks = planned(view, scene=None, failure=Failed("click on it", wants_marks=True))
    told = cells(asks)
    assert told[FRAME, "marks"]["way"] == "both"
    assert told[FRAME, "stale"] == ""
    assert "Click on it." in told["problem", "value"]
    assert told["status", "value"] == cells(planned(asks, failure=None))["status", "value"]
    found = replace(view.scene, found_by=FoundBy("org/sam", "marks"))
    assert cells(planned(view, scene=found))[FRAME, "marks"]["way"] == "both"
    other = replace(view.scene, found_by=FoundBy("org/other", "marks"))
    assert cells(planned(view, scene=other))[FRAME, "marks"]["way"] == ""


def test_the_outlines_of_a_click_are_offered_while_they_are_those_that_are_seen(worked: View):
    three = (Offered("smallest", 0.0214, False), Offered("largest", 0.5, True))
    assert worked.scene is not None
    scene = replace(worked.scene, found_by=FoundBy("SAM 2.1", "marks", three))
    view = planned(worked, scene=scene)
    assert cells(view)[FRAME, "marks"]["answers"] == [
        {"name": "smallest", "share": 2.1, "taken": False},
        {"name": "largest", "share": 50.0, "taken": True},
    ]
    former = planned(view, areas=replace(view.inputs.areas, options=()))
    assert cells(former)[FRAME, "marks"]["answers"] == []


OTHERS = {"effect_on": "everything else", "blend": "multiply", "fit": "seamless", "fade": "80%"}


@pytest.mark.parametrize("effect", EFFECT_NAMES)
def test_what_an_effect_refuses_is_not_offered(worked: View, effect: str):
    told = cells(saying(worked, options={**worked.inputs.options, "effect": effect}))
    offered = {name for name in OTHERS if told[f"option.{name}", "visible"]}
    taken = {name for name, it in OTHERS.items() if not unsuited({"effect": effect, name: it})}
    # of what it takes, a cut-out does nothing with these
    idle = {"blend", "fit"} if effect == "cut-out" else set()
    assert offered == taken - idle


@pytest.mark.long
@pytest.mark.parametrize("effect_on", ["filtered", "everything else"])
@pytest.mark.parametrize("effect", ["cut-out", "grey", "colour"])
def test_what_changes_nothing_in_the_picture_is_not_offered(
    worked: View, effect: str, effect_on: str
):
    asked = {"effect": effect, "effect_on": effect_on}
    told = cells(saying(worked, options={**worked.inputs.options, **asked}))
    assert worked.scene is not None
    options = PasteOptions(**asked, colour="#c04060")
    made = {
        (name, value): render(
            worked.scene, worked.scene.segments, replace(options, **{name: value})
        )
        for name in ("blend", "fit")
        for value in option_values(name)
    }
    for name in ("blend", "fit"):
        first, *others = [it for (option, _), it in made.items() if option == name]
        changes = any(not np.array_equal(first, other) for other in others)
        assert told[f"option.{name}", "visible"] is changes


def test_what_was_asked_for_and_is_refused_is_seen_with_the_reason(worked: View):
    inputs = with_options(worked.inputs, {"blend": "multiply"})
    told = cells(planned(worked, inputs=with_options(inputs, {"effect": "hide"})))
    assert told["option.blend", "visible"] is True
    assert told["option.blend", "value"] == "multiply"
    why = "Not used: blend is 'multiply': expected 'normal' for hide."
    assert told["option.blend", "info"] == why


def test_who_works_as_with_comfyui_is_told_what_its_opacity_is_here(worked: View):
    inputs = with_options(worked.inputs, {"alpha": 650})  # 255 in percent
    plain = cells(planned(worked, inputs=inputs))["option.alpha", "info"]
    assert plain == "Not used: opacity is 255: expected 0 to 100 %."
    node = cells(planned(worked, inputs=with_options(inputs, {"edge": "impact"})))
    said = "Not used: opacity is 255: expected 0 to 100 %, where 100 is ComfyUI's 255."
    assert node["option.alpha", "info"] == said


@pytest.mark.parametrize(
    ("orientation", "notes", "turn", "is_there"),
    [
        (1, (), "auto", False),
        (6, (), "auto", True),
        (1, (BROKEN_EXIF,), "auto", True),
        (1, (), "right", True),
    ],
)
def test_a_photo_can_be_turned_where_its_file_says_how_it_lies_or_that_was_asked_for(
    worked: View, orientation: int, notes: tuple[str, ...], turn: str, is_there: bool
):
    assert worked.photo is not None
    photo = replace(worked.photo, orientation=orientation, notes=notes)
    view = saying(worked, options={**worked.inputs.options, "turn_photo": turn})
    assert cells(planned(view, photo=photo))["option.turn_photo", "visible"] == is_there
