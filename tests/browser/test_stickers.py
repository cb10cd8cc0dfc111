"""A sticker with a picture of the visitor's own, and what an effect does not offer."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.walk import Walk


def test_a_stickers_own_picture_is_taken_away_by_its_button(visitor: Walk, folder: Path):
    visitor.pick("effect", "Sticker")
    sticker = visitor.part("sticker").locator("input")
    sticker.click()
    visitor.page.get_by_role("option", name="Your picture", exact=True).click()
    visitor.upload("sticker-picture", folder / "mask.png")
    card = visitor.part("sticker-card")
    expect(card).to_contain_text("mask.png")
    expect(visitor.part("download")).to_be_enabled()
    card.get_by_role("button", name="Remove mask.png").click()
    expect(card).to_have_text("")
    expect(visitor.part("problem")).to_have_text(
        "No picture for the sticker yet: add one, or pick another sticker."
    )
    expect(visitor.part("sticker-picture").locator("input[type=file]")).to_be_attached()
    visitor.part("undo").click()
    expect(card).to_contain_text("mask.png")


def test_what_an_effect_refuses_is_not_seen(visitor: Walk):
    expect(visitor.part("fade")).to_be_visible()
    visitor.pick("effect", "Hide")
    for name in ("fade", "blend", "fit"):
        expect(visitor.part(name)).to_be_hidden()
    visitor.pick("effect", "Grey")
    for name in ("fade", "blend", "fit"):
        expect(visitor.part(name)).to_be_visible()
