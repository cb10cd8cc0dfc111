"""What cannot be taken away: the page says why, and says no more that it is being written."""

import json

import pytest
from playwright.sync_api import Route, expect

from tests.browser.walk import Walk

pytestmark = pytest.mark.server
UNDECIDED = "Not everything is hidden: 6 areas are undecided: 1, 2, 3, 4, 5, 6."


def refuses(walk: Walk, name: str, sentence: str) -> None:
    """Press one of the buttons, and read why it gives nothing; a warning may stand beside it."""
    walk.reach(name).click()
    expect(walk.part("problem").get_by_role("alert")).to_have_text(sentence)
    expect(walk.part("result").locator(".viewer-busy")).to_be_hidden()


@pytest.mark.parametrize(
    ("name", "what", "where"),
    [
        ("take-psd", "layers", "in the photo below them"),
        ("take-layers", "layers", "in the photo below them"),
        ("take-cutouts", "cut-outs", "as the photo shows it"),
    ],
)
def test_what_has_the_photos_own_pixels_is_not_given_where_it_is_to_be_hidden(
    visitor: Walk, name: str, what: str, where: str
):
    visitor.pick("effect", "Hide")
    visitor.rests()
    refuses(
        visitor,
        name,
        f"The {what} would have all that is hidden {where}: take the picture itself away.",
    )


def test_what_is_not_hidden_is_not_copied_either(visitor: Walk):
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.pick("effect", "Hide")
    visitor.pick("on-unknown", "Leave out")
    visitor.rule.fill("no_such_label > 50%")
    visitor.rests()
    expect(visitor.part("ask-download")).to_be_visible()
    refuses(visitor, "take-copy", UNDECIDED)


def test_where_the_browser_lets_nobody_write_it_is_said_that_nothing_was_copied(visitor: Walk):
    visitor.page.evaluate(
        "() => { navigator.clipboard.write = () => Promise.reject(new Error('no')); }"
    )
    visitor.pick("effect", "Hide")
    visitor.pick("on-unknown", "Leave out")
    visitor.rule.fill("no_such_label > 50%")
    visitor.rests()
    refuses(visitor, "take-copy", UNDECIDED)


@pytest.mark.parametrize("name", ["download", "take-link"])
def test_a_page_whose_session_is_lost_says_so_whatever_is_taken(
    visitor: Walk, name: str, request: pytest.FixtureRequest
):
    def elsewhere(route: Route) -> None:
        sent = {**route.request.post_data_json, "session_hash": "another"}
        route.continue_(post_data=json.dumps(sent))

    where = "**/run/predict*"
    visitor.page.route(where, elsewhere)
    request.addfinalizer(lambda: visitor.page.unroute(where))
    visitor.reach(name).click()
    expect(visitor.part("problem")).to_contain_text("your pictures are gone from it")
    expect(visitor.part("result").locator(".viewer-busy")).to_be_hidden()
    expect(visitor.page.locator(".viewer-stale")).to_be_visible()
