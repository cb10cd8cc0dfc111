import gc
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from weakref import ref

import gradio as gr
import pytest

from segui.options import OPTIONS
from segui.settings import Settings
from segui.ui.browser import assets
from segui.ui.browser.assets import asset
from segui.ui.layout import ids
from segui.ui.layout.controls import MASK_FILES, PHOTO_FILES, SETTINGS_FILES
from segui.ui.page import STYLE_SHEETS, build_page, launch_options, warm_up, ways_to_count
from tests.ui.loops import closing_loops

MANY_OBJECTS = 100_000  # less than what Gradio and torch have


class Rubbish:
    """What holds itself, so that only a look for it finds it."""

    itself: Any


@pytest.fixture(scope="module")
def page() -> Iterator[gr.Blocks]:
    with closing_loops():
        yield build_page(Settings())


def test_only_the_endpoints_are_public(page):
    named = page.get_api_info()["named_endpoints"]
    assert set(named) == {"/composite", "/segments"}
    assert page.get_api_info()["unnamed_endpoints"] == {}


def test_what_a_field_takes_is_taken_wherever_on_the_page_it_is_let_go():
    known = re.findall(r"/(\\\.\S+\$)/i\.test\(name\)", asset("page.js"))
    kinds = {*MASK_FILES, *PHOTO_FILES, *SETTINGS_FILES}
    lost = [kind for kind in kinds if not any(re.search(one, f"a{kind}") for one in known)]
    assert len(known) == 3
    assert lost == []


def test_every_id_is_on_the_page_once(page):
    wanted = {value for name, value in vars(ids).items() if name.isupper() and name != "TAKES"}
    wanted |= {*ids.TAKES.values(), *(option.elem_id for option in OPTIONS.values())}
    found = [block.elem_id for block in page.blocks.values() if getattr(block, "elem_id", None)]
    assert wanted <= set(found)
    assert len(found) == len(set(found))


def test_events_that_others_could_wait_for_have_room(page):
    waiting = {
        fn.name for fn in page.fns.values() if fn.concurrency_limit == 1 and fn.api_name is None
    }
    intake = {"photo", "reference", "no_reference", "masks", "fewer_masks", "fresh", "example"}
    assert waiting <= {"judge", "load", "leave", None} | intake


def test_cheap_events_set_no_component_waiting(page):
    # with hidden progress each output would still count its own seconds, frame by frame
    hidden = [fn for fn in page.fns.values() if fn.show_progress == "hidden"]
    nowhere = [fn.name for fn in hidden if fn.show_progress_on == []]
    assert len(nowhere) > 30
    # what is left is not called from the page
    assert {fn.name for fn in hidden} - {*nowhere} == {"leave", "composite", "segments"}


def test_public_hosting():
    options = launch_options(Settings(max_file_mb=7))
    assert options["max_file_size"] == "7mb"
    assert options["strict_cors"]
    for name in ("show_error", "enable_monitoring", "run_history", "share", "ssr_mode"):
        assert options[name] is False
    assert "allowed_paths" not in options
    assert options["state_session_capacity"] < 1000


BROWSER = Path(assets.__file__).parent
SCRIPTS = [str(path.relative_to(BROWSER)) for path in sorted(BROWSER.rglob("*.js"))]


def test_every_script_is_found():
    assert {"page.js", "builder.js", "compositor/compositor.js"} <= set(SCRIPTS)


@pytest.mark.parametrize("name", [*STYLE_SHEETS, *SCRIPTS])
def test_nothing_comes_from_outside(name):
    assert not re.search(r"https?:(?!//www\.w3\.org)|@import|url\(", asset(name))


@pytest.mark.parametrize("name", STYLE_SHEETS)
def test_gradio_can_prefix_the_styles(name):
    # it takes each comma for the end of a selector
    assert not re.search(r":(is|not|where|has)\([^)]*,", asset(name))


@pytest.mark.parametrize("name", STYLE_SHEETS)
def test_gradio_can_write_the_styles_anew(name):
    # of "border: 1px solid var(--line); border-width: 0" a browser tells it the last part alone
    lost = []
    for rule in re.findall(r"\{([^{}]*)\}", asset(name)):
        said = [one.strip().partition(":")[::2] for one in rule.split(";")]
        whole = [part for part, value in said if "var(" in value]
        lost += [
            other
            for part in whole
            for other, _ in said
            if re.match(rf"{part}-(?!radius|offset)", other) and not part.startswith("--")
        ]
    assert lost == []


@pytest.mark.parametrize(
    ("count_finds", "is_lent", "ways"),
    [(True, False, ("faces", "colours")), (False, False, ()), (True, True, ())],
)
def test_what_ways_would_find_is_counted_unless_a_gpu_is_lent(
    monkeypatch, count_finds, is_lent, ways
):
    monkeypatch.setattr("segui.ui.page.is_wanted", lambda: is_lent)
    assert ways_to_count(Settings(count_finds=count_finds)) == ways


@pytest.mark.process
def test_the_page_is_built_without_torch():
    code = (
        "import sys; from segui.settings import Settings; from segui.ui.page import build_page;"
        "build_page(Settings()); sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    folder = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, check=False)
    assert done.returncode == 0


def test_what_is_there_once_the_page_is_served_is_not_looked_through_again():
    rubbish = [Rubbish()]
    rubbish[0].itself, seen = rubbish[0], ref(rubbish[0])
    gc.disable()  # else it may be found before
    del rubbish
    try:
        warm_up()
        assert seen() is None  # it is looked for once
        assert gc.get_freeze_count() > MANY_OBJECTS
        assert len(gc.get_objects()) < MANY_OBJECTS
    finally:
        gc.enable()
        gc.unfreeze()
