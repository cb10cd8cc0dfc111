"""What other programs get from the started app, by gradio_client and by raw HTTP."""

import json
import struct
import subprocess
import sys
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image, ImageCms
from torch import Tensor

import segui
from segui.backend.coverage import coverage
from segui.backend.effects import apply_effect
from segui.expression.vocabulary import MAX_CHARACTERS
from segui.options import OPTIONS, clean_options, default_values
from segui.segments.reshape import reshape_segments
from tests.app_server import AppServer
from tests.ui.listener import listening

PARAMETERS = {
    "masks": [],
    "reference": None,
    "effect": "none",
    "effect_on": "filtered",
    "classifier": "Colour names",
    "expression": "*",
    "on_unknown": "remain",
    "feather": 5,
    "alpha": 255,
    "edge": "smooth",
    "crop_factor": 3.0,
    "drop_size": 10,
    "combined": False,
    "mask_kind": "auto",
}
ADDED = {
    "grow": 0,
    "fill_holes": False,
    "invert": False,
    "bbox_fill": False,
    "contour_fill": False,
    "strength": 0,
    "colour": "#000000",
    "order": "reading",
    "scale": False,
    "context": "crop",
    "names": "",
    "template": "a photo of {}",
    "repo": "",
    "revision": "",
    "device": "auto",
    "align": False,
    "count_cast": False,
    "turn_masks": "auto",
    "file_labels": "short",
    "merge_labels": False,
    "leave_out": "",
    "edits": "",
    "finder": "",
    "points": "",
    "boxes": "",
    "confidence": 0.6,
    "face_area": "ellipse",
    "smallest_face": 0,
    "tolerance": 12,
    "connected": True,
    "background": False,
    "outlines": "",
    "among": "all",
    "blend": "normal",
    "fit": "as is",
    "format": "png",
    "quality": 90,
    "each_mask": "",
    "strokes": "",
    "refine_edges": 0,
    "finder_repo": "",
    "words": "",
    "candidate": "best",
    "keep_labels": "",
    "overlaps": "keep",
    "merge_touching": False,
    "largest": 0,
    "rules": "",
    "more_references": [],
    "sticker_picture": None,
    "version": 1,
    "camera_data": False,
    "fade": "",
    "outlined_by": "",
    "sticker": "smiley",
    "sticker_fit": "cover",
    "shrink": False,
    "examples": "",
    "padded_masks": "auto",
    "edges_by": "",
    "turn_photo": "auto",
    "recipe": "",
}
PASTE_ONLY = {
    "camera_data",
    "format",
    "quality",
    "effect",
    "effect_on",
    "feather",
    "alpha",
    "fade",
    "edge",
    "strength",
    "colour",
    "blend",
    "fit",
    "version",
    "sticker",
    "sticker_fit",
}
EFFECTS = (
    "'none', 'blur', 'pixelate', 'grey', 'invert', 'colour', 'cut-out', 'hide', 'brightness', "
    "'contrast', 'saturation', 'hue', 'temperature', 'sepia', 'sharpen', 'remove', "
    "'mosaic', 'sticker'"
)
SUIT = "orange + brown + red > 40%"
FILE = {"_type": "gradio.FileData"}


@pytest.fixture(scope="module")
def client(app: AppServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Another program, connected to the app."""
    downloads = tmp_path_factory.mktemp("downloads")
    client = Client(app.url, verbose=False, download_files=downloads)
    yield client
    client.close()


class Program:
    """Calls the endpoints with files by name and looks at what comes back."""

    def __init__(self, client: Client, pictures: Path) -> None:
        self.client = client
        self.pictures = pictures

    def composite(self, image: str = "photo.png", **others: Any) -> tuple[Path, dict[str, Any]]:
        path, report = self._call("/composite", image, others)
        return Path(path), report

    def segments(self, image: str = "photo.png", **others: Any) -> dict[str, Any]:
        return self._call("/segments", image, others)

    def refusal(self, image: str = "photo.png", **others: Any) -> str:
        """The sentence that a call is answered with."""
        with pytest.raises(AppError) as refused:
            self.composite(image, **{"masks": ["mask.png"], "effect": "grey", **others})
        return str(refused.value.message)

    def _call(self, name: str, image: str, others: dict[str, Any]) -> Any:
        if isinstance(others.get("masks"), list):
            others["masks"] = [self._file(mask) for mask in others["masks"]]
        if "reference" in others:
            others["reference"] = self._file(others["reference"])
        return self.client.predict(image=self._file(image), api_name=name, **others)

    def _file(self, name: str) -> Any:
        return handle_file(str(self.pictures / name))


@pytest.fixture
def program(client: Client, pictures: Path) -> Program:
    return Program(client, pictures)


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.array(image)


def tensor(path: Path) -> Tensor:
    return torch.from_numpy(pixels(path))[None]


def levels(result: Tensor) -> np.ndarray:
    return result[0].numpy()


@pytest.fixture
def marked(pictures: Path) -> segui.Segments:
    """The segments of ``mask.png``."""
    return segui.segments_from_mask(torch.from_numpy(pixels(pictures / "mask.png")))


def test_the_edited_version_is_pasted_as_the_engine_does_it(program, pictures, marked):
    path, _ = program.composite(masks=["mask.png"], reference="edited.png")
    photo, edited = tensor(pictures / "photo.png"), tensor(pictures / "edited.png")
    np.testing.assert_array_equal(
        pixels(path), levels(segui.paste(photo, marked, reference=edited))
    )


def test_a_jpeg_gives_a_png_of_its_own_pixels(program, pictures, marked):
    path, _ = program.composite("photo.jpg", masks=["mask.png"], reference="edited.png", alpha=128)
    photo, edited = tensor(pictures / "photo.jpg"), tensor(pictures / "edited.png")
    assert path.read_bytes().startswith(b"\x89PNG")
    expected = segui.paste(photo, marked, alpha=128, reference=edited)
    np.testing.assert_array_equal(pixels(path), levels(expected))


@pytest.mark.parametrize(
    "options",
    [
        {"feather": 0},
        {"feather": 100, "alpha": 200},
        {"feather": 20, "edge": "impact"},
        {"feather": "10%"},
        {"alpha": 0},
    ],
    ids=str,
)
def test_softness_opacity_and_edge_are_the_engines(program, pictures, marked, options):
    path, _ = program.composite(masks=["mask.png"], reference="edited.png", **options)
    photo, edited = tensor(pictures / "photo.png"), tensor(pictures / "edited.png")
    expected = segui.paste(photo, marked, reference=edited, **options)
    np.testing.assert_array_equal(pixels(path), levels(expected))


def test_several_masks_are_labelled_by_their_files_names(program):
    report = program.segments(masks=["face.png", "suit.png"])
    assert [item["label"] for item in report["segments"]] == ["face", "suit"]
    assert report["segments"][0]["bbox"] == [176, 68, 266, 160]


def test_only_the_named_mask_is_pasted(program, pictures):
    masks = ["face.png", "suit.png"]
    path, _ = program.composite(masks=masks, effect="invert", expression="@label = suit", feather=0)
    photo, suit = pixels(pictures / "photo.png"), pixels(pictures / "suit.png") > 0
    np.testing.assert_array_equal(pixels(path), np.where(suit[..., None], 255 - photo, photo))


def test_without_a_mask_the_segments_are_where_the_edited_version_differs(program, pictures):
    edited = pixels(pictures / "photo.png")
    edited[200:260, 300:380] = 255 - edited[200:260, 300:380]
    Image.fromarray(edited).save(pictures / "one place.png")
    path, report = program.composite(reference="one place.png")
    (found,) = report["segments"]
    x1, y1, x2, y2 = found["bbox"]
    assert x1 <= 300 < 380 <= x2
    assert y1 <= 200 < 260 <= y2
    assert (x2 - x1, y2 - y1) <= (120, 100)
    assert "areas: where the edited version differs from the photo" in report["notes"]
    np.testing.assert_array_equal(pixels(path)[210:250, 310:370], edited[210:250, 310:370])


def test_an_effect_on_everything_else_keeps_the_filtered_segments(program, pictures, marked):
    path, _ = program.composite(masks=["mask.png"], effect="grey", effect_on="everything else")
    photo = tensor(pictures / "photo.png")
    expected = segui.paste(apply_effect(photo, "grey"), marked, reference=photo)
    np.testing.assert_array_equal(pixels(path), levels(expected))


def test_a_cut_out_is_the_photo_with_the_rest_transparent(program, pictures, marked):
    path, _ = program.composite(masks=["mask.png"], effect="cut-out", feather=9)
    result = pixels(path)
    kept = coverage(marked, (512, 512), 9).mul(255).round().to(torch.uint8).numpy()
    np.testing.assert_array_equal(result[..., 3], kept)
    # what is cut away leaves no colour behind
    photo = pixels(pictures / "photo.png") * (kept > 0)[..., None]
    np.testing.assert_array_equal(result[..., :3], photo)


def test_the_result_keeps_the_photos_colour_profile(program, pictures):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with Image.open(pictures / "photo.png") as photo:
        photo.save(pictures / "with profile.png", icc_profile=profile)
    path, _ = program.composite("with profile.png", masks=["mask.png"], effect="grey")
    with Image.open(path) as result:
        assert result.info["icc_profile"] == profile


def test_the_report_tells_each_segments_scores_side_and_reason(program):
    report = program.segments(masks=["mask.png"], expression=SUIT)
    face, suit = report["segments"]
    assert (face["number"], face["bbox"], face["label"]) == (1, [176, 68, 266, 160], "A")
    assert (suit["number"], suit["bbox"], suit["area"]) == (2, [90, 330, 200, 500], 110 * 170)
    assert suit["filtered"]
    assert suit["side"] == "filtered"
    assert suit["reason"].endswith("is true")
    assert sum(suit["scores"].values()) == pytest.approx(1, abs=1e-4)
    assert report["labels"] == sorted(suit["scores"])
    assert (report["classifier"], report["expression"]) == ("Colour names", SUIT)
    assert report["image"] == {"width": 512, "height": 512}
    assert {"segui", "torch", "numpy", "pillow", "gradio"} <= set(report["versions"])
    assert json.loads(json.dumps(report)) == report


def test_a_segment_that_remains_says_why(program):
    (face, _) = program.segments(masks=["mask.png"], expression="green > 0.5")["segments"]
    assert not face["filtered"]
    assert face["reason"] == f"green {face['scores']['green']:.2f} > 0.5 is false"


@pytest.mark.parametrize(
    ("on_unknown", "side"),
    [("remain", "remained"), ("filter", "filtered"), ("review", "review")],
)
def test_an_undecided_segment_goes_where_on_unknown_says(program, on_unknown, side):
    report = program.segments(masks=["mask.png"], expression="cat > 0.5", on_unknown=on_unknown)
    assert [item["side"] for item in report["segments"]] == [side, side]
    assert "no label 'cat'" in report["segments"][0]["reason"]


def test_what_was_too_small_is_counted(program):
    report = program.segments(masks=["mask.png"], drop_size=125)
    assert report["segments"] == []
    assert report["left_out"]["count"] == 2
    assert "2 regions no larger than 125 px were left out" in report["notes"]


def test_combined_makes_one_segment_of_a_mask(program):
    (both,) = program.segments(masks=["mask.png"], combined=True)["segments"]
    assert both["bbox"] == [90, 68, 266, 500]


def test_labels_can_be_asked_for(program, pictures):
    values = np.zeros((512, 512), np.uint8)
    values[:100, :100], values[200:300, 200:300] = 40, 90
    Image.fromarray(values).save(pictures / "two greys.png")
    report = program.segments(masks=["two greys.png"], mask_kind="labels")
    assert [item["label"] for item in report["segments"]] == ["40", "90"]


def test_segments_gives_the_report_of_composite(program):
    asked = {"masks": ["mask.png"], "expression": SUIT, "crop_factor": 1.5}
    _, report = program.composite(effect="grey", **asked)
    assert {**program.segments(**asked), "unhidden": []} == report


def test_the_same_call_gives_the_same_answer_again(program):
    asked = {"masks": ["mask.png"], "effect": "pixelate", "expression": SUIT}
    (first, report), (second, again) = program.composite(**asked), program.composite(**asked)
    assert first.read_bytes() == second.read_bytes()
    assert report == again


def test_a_result_may_be_the_photo_of_the_next_call(program, client, pictures):
    first, _ = program.composite(masks=["face.png"], effect="invert", feather=0)
    back, _ = program.composite(str(first), masks=["face.png"], effect="invert", feather=0)
    np.testing.assert_array_equal(pixels(back), pixels(pictures / "photo.png"))


def test_two_clients_at_once_get_each_their_own_picture(app, pictures, tmp_path):
    cat = np.zeros(pixels(pictures / "cat.png").shape[:2], np.uint8)
    cat[100:200, 100:200] = 255
    Image.fromarray(cat).save(pictures / "cat mask.png")

    def repeatedly(image: str, mask: str) -> list[tuple[int, ...]]:
        client = Client(app.url, verbose=False, download_files=tmp_path / image)
        try:
            program = Program(client, pictures)
            calls = [program.composite(image, masks=[mask], effect="grey")[0] for _ in range(4)]
            return [pixels(path).shape for path in calls]
        finally:
            client.close()

    with ThreadPoolExecutor(2) as pool:
        asked = [("photo.png", "mask.png"), ("cat.png", "cat mask.png")]
        photos, cats = pool.map(lambda files: repeatedly(*files), asked)
    assert photos == [(512, 512, 3)] * 4
    assert cats == [(300, 451, 3)] * 4


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"feather": -1}, "feather is -1: expected a whole number from 0 to 500"),
        ({"feather": 501}, "feather is 501: expected a whole number from 0 to 500"),
        ({"feather": 2.5}, "feather is 2.5: expected a whole number from 0 to 500"),
        (
            {"feather": "nan"},
            (
                "feather is 'nan': expected a whole number from 0 to 500, or a share of each area "
                "from '0%' to '100%'"
            ),
        ),
        (
            {"feather": "101%"},
            (
                "feather is '101%': expected a whole number from 0 to 500, or a share of each area "
                "from '0%' to '100%'"
            ),
        ),
        ({"feather": True}, "feather is True: expected a whole number from 0 to 500"),
        ({"feather": None}, "feather is None: expected a whole number from 0 to 500"),
        ({"alpha": 256}, "alpha is 256: expected a whole number from 0 to 255"),
        ({"alpha": [255]}, "alpha is a list: expected a whole number from 0 to 255"),
        ({"crop_factor": 0}, "crop_factor is 0: expected a number from 1 to 100"),
        ({"crop_factor": "3"}, "crop_factor is '3': expected a number from 1 to 100"),
        ({"drop_size": 0}, "drop_size is 0: expected a whole number from 1 to 1000000"),
        ({"grow": 501}, "grow is 501: expected a whole number from -500 to 500"),
        ({"strength": -361}, "strength is -361: expected a number from -360 to 10000"),
        (
            {"effect": "pixelate", "strength": 2.5},
            (
                "strength is 2.5: expected a whole number of px from 1 to 10000 for pixelate, or"
                " 0, which fits the picture"
            ),
        ),
        ({"colour": "red"}, "colour is 'red': expected a colour as #rrggbb"),
        ({"context": "all"}, "context is 'all': expected one of 'crop', 'bbox', 'segment'"),
        ({"names": "x" * 4001}, "names has 4001 characters: expected at most 4000"),
        ({"combined": 1}, "combined is 1: expected true or false"),
        ({"edge": "zzz"}, "edge is 'zzz': expected one of 'smooth', 'outward', 'impact'"),
        (
            {"mask_kind": "hard"},
            "mask_kind is 'hard': expected one of 'auto', 'soft', 'labels', 'exact', 'full'",
        ),
        (
            {"effect": "sepa"},
            f"effect is 'sepa' (did you mean 'sepia'?): expected one of {EFFECTS}",
        ),
        (
            {"effect": {"a": 1}},
            f"effect is an object: expected one of {EFFECTS}",
        ),
        (
            {"effect_on": "all"},
            "effect_on is 'all': expected one of 'filtered', 'everything else'",
        ),
        (
            {"on_unknown": "ask"},
            (
                "on_unknown is 'ask' (did you mean 'review'?): expected one of 'remain', "
                "'filter', 'review'"
            ),
        ),
        ({"expression": 5}, "expression is 5: expected text"),
        ({"expression": "x" * 1001}, "expression has 1001 characters: expected at most 1000"),
        (
            {"classifier": " "},
            "classifier is '': expected a name such as 'Colour names', or a repo id",
        ),
        (
            {"classifier": "Manual repo id"},
            "classifier is 'Manual repo id': expected a name such as 'Colour names', or a repo id",
        ),
        (
            {"classifier": "Manual CLIP or SigLIP: "},
            (
                "classifier is 'Manual CLIP or SigLIP:': expected a name such as 'Colour names', or"
                " a repo id"
            ),
        ),
        (
            {"classifier": "/etc"},
            "local model folders are not allowed here: give a repo id",
        ),
        (
            {"classifier": "no one/here"},
            "local model folders are not allowed here: give a repo id",
        ),
        ({"classifier": "x" * 201}, "classifier has 201 characters: expected at most 200"),
    ],
    ids=str,
)
def test_a_wrong_value_is_refused_with_its_own_sentence(program, wrong, sentence):
    assert program.refusal(**wrong) == sentence


def test_an_expression_error_has_its_column_and_caret(program):
    assert program.refusal(expression="red >") == (
        "column 6: expected a label, a number or '(' after '>', found the end\n  red >\n       ^"
    )


def test_rules_with_names_are_those_of_the_expression_and_of_all_edits(program):
    rules = "large = @rank = 1\nother = not large"
    one = program.segments(masks=["mask.png"], expression="large", rules=rules)
    assert [item["filtered"] for item in one["segments"]] == [
        item["reason"].startswith("large is true") for item in one["segments"]
    ]
    edits = json.dumps([{"rule": "large", "effect": "grey"}, {"rule": "other", "effect": "invert"}])
    _, both = program.composite(masks=["mask.png"], rules=rules, edits=edits)
    chosen = [number for edit in both["edits"] for number in edit["chosen"]]
    assert sorted(chosen) == [item["number"] for item in both["segments"]]


def test_a_rule_with_a_name_that_cannot_be_read_has_its_line_and_column(program):
    assert program.refusal(rules="a = red > 1%\nb = (a") == (
        "line 2, column 5: of the rule 'b': this parenthesis is never closed: expected ')'\n"
        "  b = (a\n      ^"
    )


def test_opacity_follows_each_segment_as_the_engine_does_it(program, pictures, marked):
    fade = "0..100% of @confidence if @rank > 99 else 40%"
    path, report = program.composite(masks=["mask.png"], reference="edited.png", fade=fade)
    photo, edited = tensor(pictures / "photo.png"), tensor(pictures / "edited.png")
    faded = marked.of(item.with_opacity(0.4) for item in marked.items)
    np.testing.assert_array_equal(pixels(path), levels(segui.paste(photo, faded, reference=edited)))
    assert {item["opacity"] for item in report["segments"]} == {0.4}
    assert program.refusal(fade="40", reference="edited.png", effect="none") == (
        "column 1: the opacity is 40: expected 0% to 100%: did you mean 40%?\n  40\n  ^"
    )


def test_a_sentence_is_plain_text_with_its_caret_under_the_column(program):
    assert program.refusal(expression="<b> & red") == (
        "column 1: expected a label, a number or '(', found '<': leave out the sign that it begins "
        "with\n  <b> & red\n  ^"
    )
    assert program.refusal(expression="red < & blue").endswith("\n  red < & blue\n          ^")


def test_no_event_of_the_page_itself_calls_an_endpoint(app):
    config = json.loads(fetch(f"{app.url}/config"))
    by_id = {item["id"]: item for item in config["components"]}
    ((button, event),) = {
        tuple(target)
        for event in config["dependencies"]
        if event["api_name"] in ("composite", "segments")
        for target in event["targets"]
    }
    assert (by_id[button]["type"], event) == ("button", "click")
    assert button in unseen(config["layout"], by_id)


def unseen(branch: dict[str, Any], by_id: dict[int, Any], *, within: bool = False) -> set[int]:
    """The components that the page does not show, for themselves or for what they lie in."""
    hidden = within or by_id.get(branch["id"], {}).get("props", {}).get("visible", True) is False
    below = [unseen(child, by_id, within=hidden) for child in branch.get("children") or []]
    return ({branch["id"]} if hidden else set()).union(*below)


def test_without_masks_and_edited_version_there_are_no_segments(program):
    assert program.refusal(masks=[]) == (
        "nothing says what the areas are: add a mask, or an edited version to compare with"
    )


def test_without_edited_version_and_effect_there_is_nothing_to_paste(program):
    sentence = "there is nothing to paste: give a reference, or an effect"
    assert program.refusal(effect="none") == sentence


def test_a_mask_of_other_proportions_is_refused_with_both_sizes(program):
    assert program.refusal("cat.png") == (
        "the mask mask is 512 x 512, the photo 451 x 300: their proportions must match. Save it at "
        "the photo's size; a mask of a part of the photo needs the rest around it"
    )


def test_an_edited_version_of_another_size_is_refused_with_both_sizes(program):
    assert program.refusal(reference="cat.png") == (
        "the edited version is 451 x 300, the photo 512 x 512: their sizes must match, and where "
        "it lies on the photo could not be found. Save it at the photo's size"
    )


def test_a_file_that_is_no_image_is_refused(program, pictures):
    (pictures / "notes.png").write_text("not an image")
    sentence = "notes.png is not an image that can be read: try PNG, JPEG, WebP or TIFF"
    assert program.refusal("notes.png") == sentence
    assert program.refusal(masks=["notes.png"]) == sentence
    assert program.refusal(reference="notes.png") == sentence


def test_a_broken_photo_is_refused(program, pictures):
    whole = (pictures / "photo.png").read_bytes()
    (pictures / "broken.png").write_bytes(whole[: len(whole) // 2])
    sentence = "broken.png is damaged or incomplete: it cannot be read"
    assert program.refusal("broken.png") == sentence


def test_a_photo_of_60_megapixels_is_refused_by_its_header(program, pictures):
    (pictures / "huge.png").write_bytes(png_header(10_000, 6_000))
    sentence = "huge.png is 10000 x 6000, 60 megapixels: at most 50 are read"
    assert program.refusal("huge.png") == f"{sentence}; shrink=true opens it at 9128 x 5477"


def test_what_cannot_be_made_smaller_either_is_not_offered_so(program, pictures):
    (pictures / "huge.png").write_bytes(png_header(20_000, 10_100))
    sentence = "huge.png is 20000 x 10100, 202 megapixels: at most 50 are read"
    assert program.refusal("huge.png") == sentence
    assert program.refusal("huge.png", shrink=True) == sentence.replace("50 are", "200 are")


def png_header(width: int, height: int) -> bytes:
    """A PNG that says its size and ends where its pixels would begin."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    checksum = struct.pack(">I", zlib.crc32(body))
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + checksum
    return head + struct.pack(">I", 1000) + b"IDAT"


def test_a_mask_that_is_not_in_a_list_is_refused(program, client, pictures):
    with pytest.raises(AppError) as refused:
        client.predict(
            image=handle_file(str(pictures / "photo.png")),
            masks=handle_file(str(pictures / "mask.png")),
            api_name="/composite",
        )
    sentence = "a list of uploaded files is expected: gradio_client.handle_file does that"
    assert refused.value.message == sentence


def test_a_repo_that_cannot_be_had_says_so(program):
    assert program.refusal(classifier="nobody/nothing") == (
        "'nobody/nothing' is not on this machine and the hub cannot be reached: "
        "Colour names, Gender by face and Like these need no download"
    )


def fetch(asked: str | urllib.request.Request) -> str:
    """What the app answers to a request."""
    with urllib.request.urlopen(asked, timeout=120) as response:  # noqa: S310  our own server
        return response.read().decode()


def raw(app: AppServer, name: str, data: list[Any]) -> str:
    """All that the server answers to a call without gradio_client."""
    url = f"{app.url}/gradio_api/call/{name}"
    body = json.dumps({"data": data}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310
    event = json.loads(fetch(request))["event_id"]
    return fetch(f"{url}/{event}")


def composite_data(image: Any, **others: Any) -> list[Any]:
    return [image, *({**PARAMETERS, "effect": "grey", **others}).values()]


@pytest.fixture
def uploaded(app: AppServer, pictures: Path) -> dict[str, dict[str, Any]]:
    """``photo.png`` and ``mask.png`` as the server knows them after an upload."""
    found = {}
    for name in ("photo.png", "mask.png"):
        content = (pictures / name).read_bytes()
        body = (
            b'--sep\r\nContent-Disposition: form-data; name="files"; filename="'
            + name.encode()
            + b'"\r\nContent-Type: image/png\r\n\r\n'
            + content
            + b"\r\n--sep--\r\n"
        )
        headers = {"Content-Type": "multipart/form-data; boundary=sep"}
        request = urllib.request.Request(f"{app.url}/gradio_api/upload", body, headers)  # noqa: S310
        found[name] = {"path": json.loads(fetch(request))[0], "meta": FILE}
    return found


def test_plain_http_works_with_uploads(app, uploaded):
    data = composite_data(uploaded["photo.png"], masks=[uploaded["mask.png"]])
    answer = raw(app, "composite", data)
    assert "event: complete" in answer
    assert "composite.png" in answer


@pytest.mark.parametrize("place", ["image", "masks", "reference"])
@pytest.mark.parametrize("form", ["text", "bare", "file", "climbing", "url"])
def test_no_file_of_the_server_is_read_by_its_path(app, uploaded, tmp_path, pictures, place, form):
    secret = tmp_path / "secret.png"  # it could be read: it is a picture of the right size
    secret.write_bytes((pictures / "photo.png").read_bytes())
    path = {
        "climbing": str(app.cache / ".." / ".." / ".." / ".." / "etc" / "passwd"),
        "url": secret.as_uri(),
    }.get(form, str(secret))
    attempt: Any = {"text": path, "bare": {"path": path}}.get(form, {"path": path, "meta": FILE})
    values = {
        "image": uploaded["photo.png"],
        "masks": [uploaded["mask.png"]],
        place: [attempt] if place == "masks" else attempt,
    }
    data = composite_data(values.pop("image"), **values)
    if isinstance(attempt, dict) and "meta" in attempt:
        with pytest.raises(urllib.error.HTTPError) as refused:
            raw(app, "composite", data)
        answer = refused.value.read().decode()
        assert (refused.value.code, "there is no upload" in answer) == (400, True)
    else:
        answer = raw(app, "composite", data)
        assert answer.startswith("event: error")
    assert "root:" not in answer
    assert "composite.png" not in answer
    assert secret.name not in "".join(str(found) for found in app.cache.rglob("*"))


def test_no_address_is_fetched(app, uploaded):
    with listening() as (address, asked):
        url = f"{address}/photo.png"
        file = {"path": url, "url": url, "meta": FILE}
        data = composite_data(file, masks=[uploaded["mask.png"]])
        for sent in (data, composite_data(uploaded["photo.png"], grow=file)):
            with pytest.raises(urllib.error.HTTPError) as refused:
                raw(app, "composite", sent)
            answer = refused.value.read().decode()
            assert "this server fetches no addresses: download the file and upload it" in answer
    assert asked == []


def test_an_upload_that_is_gone_is_named(app, uploaded):
    (own,) = app.cache.glob("segui-*")
    gone = {"path": str(own / "0123456789" / "photo.png"), "meta": FILE}
    answer = raw(app, "composite", composite_data(gone, masks=[uploaded["mask.png"]]))
    assert "image: there is no such upload (any more): upload the file again" in answer
    answer = raw(app, "composite", composite_data(uploaded["photo.png"], masks=[gone]))
    assert "masks[0]: there is no such upload (any more): upload the file again" in answer


def test_too_many_masks_are_refused(app, uploaded):
    masks = [uploaded["mask.png"]] * 257
    answer = raw(app, "composite", composite_data(uploaded["photo.png"], masks=masks))
    assert "masks has 257 files: at most 256 are read" in answer


def test_a_number_that_is_none_is_refused(app, uploaded):
    masks = [uploaded["mask.png"]]
    for number in (float("nan"), float("inf"), 10**400):
        answer = raw(
            app, "composite", composite_data(uploaded["photo.png"], masks=masks, feather=number)
        )
        assert answer.startswith("event: error")
        assert "composite.png" not in answer


def test_a_long_wrong_value_is_not_sent_back_whole(app, uploaded):
    data = composite_data(uploaded["photo.png"], masks=[uploaded["mask.png"]], edge="z" * 50_000)
    assert len(raw(app, "composite", data)) < 500


def test_only_the_two_endpoints_are_public(app):
    info = json.loads(fetch(f"{app.url}/gradio_api/info"))
    assert set(info["named_endpoints"]) == {"/composite", "/segments"}
    assert info["unnamed_endpoints"] == {}


@pytest.mark.parametrize("name", ["composite", "segments"])
def test_all_but_the_image_have_the_interfaces_defaults(app, name):
    info = json.loads(fetch(f"{app.url}/gradio_api/info"))
    endpoint = info["named_endpoints"][f"/{name}"]
    image, *others = endpoint["parameters"]
    assert (image["parameter_name"], image["parameter_has_default"]) == ("image", False)
    assert all(other["parameter_has_default"] for other in others)
    found = {other["parameter_name"]: other["parameter_default"] for other in others}
    left_out = PASTE_ONLY if name == "segments" else set()
    published = {**PARAMETERS, **ADDED}
    expected = {key: value for key, value in published.items() if key not in left_out}
    assert list(found.items()) == list(expected.items())
    assert endpoint["description"].split(".")[0].split()[0] in {"Edit", "Find,"}


def test_what_the_endpoints_take_is_what_the_page_has(app):
    info = json.loads(fetch(f"{app.url}/gradio_api/info"))["named_endpoints"]
    taken = {
        name: {parameter["parameter_name"] for parameter in endpoint["parameters"]}
        for name, endpoint in info.items()
    }
    assert taken["/composite"] == {
        *("image", "masks", "reference", "edits", "points", "boxes", "outlines", "strokes"),
        *("examples", "recipe"),
        *("more_references", "sticker_picture"),
        *OPTIONS,
    }
    assert taken["/composite"] - taken["/segments"] == {
        name for name, option in OPTIONS.items() if option.part in {"paste", "take"}
    }


def test_each_parameter_has_its_range_its_words_and_what_it_is(app):
    info = json.loads(fetch(f"{app.url}/gradio_api/info"))["named_endpoints"]["/composite"]
    types = {item["parameter_name"]: item["type"] for item in info["parameters"]}
    number, share = types["grow"]["anyOf"]
    assert (number["minimum"], number["maximum"], share["type"]) == (-500, 500, "string")
    assert types["edge"]["enum"] == ["smooth", "outward", "impact"]
    assert types["expression"]["maxLength"] == MAX_CHARACTERS
    told = {item["parameter_name"]: item["python_type"] for item in info["parameters"]}
    assert told["feather"]["description"] == (
        "Width of the soft edge, a whole number of px from 0 to 500, or a share of each area from "
        "'0%' to '100%'."
    )


def test_all_that_the_page_can_do_can_be_asked_for(program, pictures, marked):
    path, report = program.composite(
        masks=["mask.png"], effect="colour", colour="#ff0000", grow=-5, order="contour", feather=0
    )
    (second, first) = [reshape_segments(marked, grow=-5).items[n].bbox for n in (1, 0)]
    assert [item["bbox"] for item in report["segments"]] == [[*second], [*first]]
    x1, y1, x2, y2 = first
    assert pixels(path)[y1 + 9, x1 + 9].tolist() == [255, 0, 0]
    x1, y1, x2, y2 = second
    assert (pixels(path)[y1 + 1 : y2 - 1, x1 + 1 : x2 - 1] == (255, 0, 0)).all()


def test_a_strength_is_the_effects(program, pictures, marked):
    path, _ = program.composite(masks=["mask.png"], effect="blur", strength=2.5)
    photo = tensor(pictures / "photo.png")
    expected = segui.paste(photo, marked, reference=apply_effect(photo, "blur", strength=2.5))
    np.testing.assert_array_equal(pixels(path), levels(expected))


def test_inverted_masks_and_filled_boxes_can_be_asked_for(program):
    (rest,) = program.segments(masks=["face.png"], invert=True)["segments"]
    assert rest["bbox"] == [0, 0, 512, 512]
    (box,) = program.segments(masks=["face.png"], bbox_fill=True)["segments"]
    assert box["area"] == (266 - 176) * (160 - 68)


def test_a_mask_of_another_size_is_scaled_and_said(program, pictures):
    with Image.open(pictures / "mask.png") as mask:
        mask.resize((256, 256)).save(pictures / "half.png")
    report = program.segments(masks=["half.png"])
    assert len(report["segments"]) == 2
    assert "half.png: it was scaled from 256 x 256 to 512 x 512" in report["notes"]


def test_the_options_of_a_recipe_can_be_sent_as_they_are(program):
    recipe = clean_options({**default_values(), "effect": "grey", "repo": "left/over"})
    _, report = program.composite(masks=["mask.png"], **recipe)
    assert report["classifier"] == "Colour names"


def test_a_repo_may_be_named_as_recipes_have_it(program):
    assert program.refusal(classifier="Manual repo id", repo="nobody/nothing") == (
        "'nobody/nothing' is not on this machine and the hub cannot be reached: "
        "Colour names, Gender by face and Like these need no download"
    )


def test_values_in_their_order_may_end_early(app, uploaded):
    data = composite_data(uploaded["photo.png"], masks=[uploaded["mask.png"]])
    assert len(data) == len(PARAMETERS) + 1 < len(OPTIONS)
    assert "event: complete" in raw(app, "composite", data)
    assert "event: complete" in raw(app, "segments", data[:3])


def by_name(app: AppServer, name: str, **values: Any) -> tuple[int, dict[str, Any]]:
    """The status and the answer of a call whose values go by their names."""
    url = f"{app.url}/gradio_api/call/v2/{name}"
    body = json.dumps(values).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310
    try:
        return 200, json.loads(fetch(request))
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def test_an_unknown_name_is_refused_with_the_nearest_one(app, uploaded):
    sentence = "there is no parameter 'feathr': did you mean 'feather'?"
    answer = by_name(app, "composite", image=uploaded["photo.png"], feathr=5)
    assert answer == (400, {"detail": sentence})
    status, answer = by_name(app, "segments", image=uploaded["photo.png"], feather=5)
    assert (status, answer["detail"]) == (400, "there is no parameter 'feather'")
    status, answer = by_name(app, "composite", image=uploaded["photo.png"], feather=5)
    assert (status, list(answer)) == (200, ["event_id"])


@pytest.mark.process
def test_torch_is_not_imported_before_the_first_call():
    code = "import sys, segui.ui.api.endpoints; sys.exit('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0
