"""Pictures that are pasted or dropped anywhere on the page, and files that are none."""

import base64
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.app_server import AppServer
from tests.browser.pages import fresh_page
from tests.browser.walk import Walk

PNG, TEXT = "image/png", "text/plain"
# a file from a folder or a clipboard, as an event carries it, on an element; what it is told back
# is whether the page took the event from the browser
EVENT = """(element, {type, data, name, kind, said}) => {
  const carried = new DataTransfer();
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  carried.items.add(new File([bytes], name, {type: kind}));
  if (said) carried.setData('text/plain', said);
  const options = {bubbles: true, cancelable: true, composed: true};
  const make = (name) => name === 'paste'
    ? new ClipboardEvent(name, {...options, clipboardData: carried})
    : new DragEvent(name, {...options, dataTransfer: carried});
  return type.map((name) => !element.dispatchEvent(make(name)));
}"""

ONE_IS_ON_ITS_WAY = """() => !document.querySelector('#masks input[type=file]')"""


def bring(page: Page, kind: str, onto: str, file: Path, mime: str = PNG, said: str = "") -> bool:
    """Paste or drop a file onto an element; whether the page kept the browser from acting itself.

    Args:
        page: The page.
        kind: ``paste`` or ``drop``.
        onto: The element's selector.
        file: What is brought.
        mime: Of what kind the system says it is.
        said: The text that comes with it.
    """
    sent = {
        "type": ["paste"] if kind == "paste" else ["dragenter", "dragover", "drop"],
        "data": base64.b64encode(file.read_bytes()).decode(),
        "name": file.name,
        "kind": mime,
        "said": said,
    }
    kept: list[bool] = page.locator(onto).first.evaluate(EVENT, sent)
    # a drop comes only where the drag over it was taken
    return all(kept[1:] or kept)


def has_photo(walk: Walk, name: str) -> None:
    expect(walk.part("photo-card")).to_contain_text(name)


@pytest.fixture
def sent(walk: Walk) -> list[str]:
    """The addresses to which the page sends files."""
    addresses: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and "/gradio_api/upload" in request.url:
            addresses.append(request.url)

    walk.page.on("request", note)
    return addresses


def takes_the_next(walk: Walk, pictures: Path, sent: list[str]) -> None:
    """See that the next picture is taken, and that nothing was before it."""
    assert bring(walk.page, "drop", ".viewer-stage", pictures / "cat.png")
    has_photo(walk, "cat.png")
    assert len(sent) == 1


def test_a_pasted_picture_becomes_the_photo(walk: Walk, pictures: Path):
    assert bring(walk.page, "paste", "body", pictures / "cat.png")
    has_photo(walk, "cat.png")


def test_a_picture_without_text_becomes_the_photo_from_the_rule_too(walk: Walk, pictures: Path):
    assert bring(walk.page, "paste", "#expression textarea", pictures / "cat.png")
    has_photo(walk, "cat.png")


def test_text_that_comes_with_its_picture_is_text_where_text_is_written(
    walk: Walk, pictures: Path, sent: list[str]
):
    for field in ("#expression textarea", "#feather input[type=number]"):
        assert not bring(walk.page, "paste", field, pictures / "cat.png", said="red > 50%")
    # anywhere else it is a picture
    assert bring(walk.page, "paste", "#result", pictures / "cat.png", said="red > 50%")
    has_photo(walk, "cat.png")
    assert len(sent) == 1


@pytest.mark.parametrize("place", [".viewer-stage", "#brand", "#expression textarea"])
def test_a_picture_dropped_beside_the_fields_becomes_the_photo(
    walk: Walk, pictures: Path, place: str
):
    assert bring(walk.page, "drop", place, pictures / "cat.png")
    has_photo(walk, "cat.png")


def test_a_dropped_picture_takes_the_place_of_an_own_photo(walk: Walk, pictures: Path):
    walk.upload_photo(pictures / "photo.png")
    assert bring(walk.page, "drop", ".viewer-stage", pictures / "cat.png")
    has_photo(walk, "cat.png")


def test_a_picture_of_no_known_kind_is_known_by_its_name(walk: Walk, pictures: Path):
    assert bring(walk.page, "drop", ".viewer-stage", pictures / "cat.png", mime="")
    has_photo(walk, "cat.png")


@pytest.mark.parametrize("place", ["#masks button", "#masks > label"])
def test_masks_dropped_on_their_field_are_masks(walk: Walk, pictures: Path, place: str):
    walk.upload_photo(pictures / "photo.png")
    assert bring(walk.page, "drop", place, pictures / "mask.png")
    expect(walk.part("notes")).to_contain_text("mask.png")
    expect(walk.part("photo-card")).to_contain_text("photo.png")


@pytest.mark.parametrize("field", ["photo", "reference", "masks"])
def test_a_field_for_files_can_be_clicked_at_its_name_too(walk: Walk, field: str):
    with walk.page.expect_file_chooser():
        walk.part(field).click(position={"x": 40, "y": 12})


def test_an_edited_version_dropped_on_its_field_is_one(walk: Walk, pictures: Path):
    walk.upload_photo(pictures / "photo.png")
    assert bring(walk.page, "drop", "#reference button", pictures / "edited.png")
    expect(walk.part("reference-card")).to_contain_text("edited.png")
    expect(walk.part("photo-card")).to_contain_text("photo.png")


def test_a_dropped_file_that_is_no_picture_changes_nothing(
    walk: Walk, pictures: Path, tmp_path: Path, sent: list[str]
):
    note = tmp_path / "note.docx"
    note.write_text("hello", encoding="utf-8")
    for place in (".viewer-stage", "body", "#steps"):
        assert bring(walk.page, "drop", place, note, mime=TEXT), "the browser would leave the page"
        expect(walk.part("problem")).to_contain_text("Not used: note.docx.")
        walk.rests()
    expect(walk.part("photo-card")).to_contain_text("Example")
    sent.clear()
    takes_the_next(walk, pictures, sent)


def test_what_is_of_no_use_among_files_that_are_is_named(
    walk: Walk, pictures: Path, tmp_path: Path
):
    note = tmp_path / "note.docx"
    note.write_text("hello", encoding="utf-8")
    walk.drop(note, pictures / "photo.png", pictures / "mask.png")
    expect(walk.part("problem")).to_contain_text(
        "Taken: photo.png as the photo; mask.png as a mask. Not used: note.docx."
    )
    walk.says("2 of 2 areas chosen")


def test_what_is_dragged_from_the_page_itself_is_not_brought(
    walk: Walk, pictures: Path, sent: list[str]
):
    walk.page.locator("#examples img").first.dispatch_event("dragstart")
    assert bring(walk.page, "drop", ".viewer-stage", pictures / "cat.png")
    takes_the_next(walk, pictures, sent)  # that drag has ended: this one comes from elsewhere


def tells_of_a_mask(request: Request) -> bool:
    return "/run/predict" in request.url and "mask.png" in (request.post_data or "")


def test_files_that_come_while_others_are_taken_are_taken_too(
    browser: Browser, app: AppServer, pictures: Path, tmp_path: Path
):
    # what its console says is not looked at: Gradio is asked how far a file is that is held up here
    with fresh_page(browser, app.url) as page:
        walk = Walk(page)
        walk.open()
        walk.upload_photo(pictures / "photo.png")
        held: list[Route] = []

        def hold_one(route: Route) -> None:
            if held:
                route.continue_()
            held.append(route)

        with walk.page.expect_request(tells_of_a_mask):  # the page asks for other things by itself
            walk.upload("masks", pictures / "mask.png")
        # nobody is quicker than the field, which is empty again at once
        expect(walk.part("masks").locator(".file-preview")).to_have_count(0)
        walk.page.route("**/gradio_api/upload?*", hold_one)
        again = Path(shutil.copy(pictures / "mask.png", tmp_path / "again.png"))
        walk.upload("masks", again)
        # the first ones are there while the others are still on their way
        expect(walk.part("notes")).to_contain_text("mask.png")
        walk.page.wait_for_function(ONE_IS_ON_ITS_WAY)
        third = Path(shutil.copy(pictures / "mask.png", tmp_path / "third.png"))
        assert bring(walk.page, "paste", "#masks > label", third)
        held[0].continue_()
        for name in ("mask.png", "again.png", "third.png"):
            expect(walk.part("mask-list")).to_contain_text(name)


def test_a_photo_and_its_mask_are_hidden_and_taken_home_in_four_actions(
    walk: Walk, pictures: Path, tmp_path: Path
):
    walk.drop(pictures / "mask.png", pictures / "photo.png")
    expect(walk.part("problem")).to_contain_text(
        "Taken: photo.png as the photo; mask.png as a mask."
    )
    walk.says("2 of 2 areas chosen")
    walk.part("privacy").click()
    expect(walk.part("edits")).to_contain_text("Hide 2 of 2 areas")
    assert walk.download(tmp_path).shape == (512, 512, 3)


@pytest.mark.parametrize("place", [".viewer-stage", "#photo button", "#photo > label"])
def test_what_names_the_labels_is_taken_with_them_wherever_it_is_let_go(
    walk: Walk, pictures: Path, tmp_path: Path, place: str
):
    labels, names = tmp_path / "labels.png", tmp_path / "names.yaml"
    Image.fromarray(np.repeat(np.uint8([[3, 7]]), 256, 1).repeat(512, 0)).save(labels)
    names.write_text("names: {3: cup, 7: spoon}", encoding="utf-8")
    walk.drop(pictures / "photo.png", labels, names, onto=place)
    expect(walk.part("problem")).to_contain_text(
        "Taken: photo.png as the photo; labels.png as a mask; "
        "names.yaml as names or outlines of areas."
    )
    for number, name in enumerate(("cup", "spoon"), 1):
        expect(walk.card(number)).to_contain_text(name)


def test_a_photo_that_comes_with_its_masks_takes_none_of_the_former_photos(
    walk: Walk, pictures: Path, tmp_path: Path
):
    edited = tmp_path / "edited.png"
    shutil.copy(pictures / "photo.png", edited)
    files = pictures / "photo.png", edited, pictures / "mask.png"
    said = "photo.png as the photo; edited.png as the edited version; mask.png as a mask"
    for least in (1, 2):
        walk.drop(*files)
        expect(walk.part("problem")).to_contain_text(said)
        walk.rests()
        expect(walk.part("mask-list").locator("li")).to_have_count(1)
        walk.write_rule(f"red > {least}%")  # what was said is of the moment of a drop
        expect(walk.part("problem")).not_to_contain_text(said)
