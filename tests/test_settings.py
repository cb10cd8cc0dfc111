import inspect
import re
from dataclasses import fields
from pathlib import Path

import pytest

from segui.errors import InputError
from segui.settings import Settings
from segui.ui.page import build_page


def test_an_empty_environment_gives_the_defaults():
    assert Settings.from_environment({}) == Settings()


def test_on_a_space_every_proxy_is_believed():
    assert Settings.from_environment({"SPACE_ID": "org/space"}).proxies == ("*",)
    named = {"SPACE_ID": "org/space", "SEGUI_PROXIES": "10.0.0.1"}
    assert Settings.from_environment(named).proxies == ("10.0.0.1",)


def test_every_variable_is_read():
    read = Settings.from_environment(
        {
            "SEGUI_MAX_MEGAPIXELS": "12.5",
            "SEGUI_MAX_FILE_MB": "7",
            "SEGUI_MAX_BODY_MB": "2.5",
            "SEGUI_ALLOWED_HOSTS": "photos.example.org, *.example.com",
            "SEGUI_MAX_MASKS": "3",
            "SEGUI_MAX_SEGMENTS": "44",
            "SEGUI_MAX_CROP_MEGAPIXELS": "77.5",
            "SEGUI_MAX_MASK_MEGAPIXELS": "88.5",
            "SEGUI_MAX_UPLOAD_MB": "99.5",
            "SEGUI_CLIENT_UPLOAD_MB": "1234",
            "SEGUI_MAX_DISK_MB": "5678",
            "SEGUI_MAX_REGIONS": "55",
            "SEGUI_RARE_FORMATS": "1",
            "SEGUI_MAX_SCAN_MEGAPIXELS": "66.5",
            "SEGUI_MODELS_DIR": "models",
            "SEGUI_CLASSIFIER": " Manual repo id ",
            "SEGUI_DEVICE": "CPU",
            "SEGUI_QUEUE_SIZE": "5",
            "SEGUI_CLIENT_QUEUE": "4",
            "SEGUI_CLIENT_REQUESTS": "700",
            "SEGUI_CLIENT_CONNECTIONS": "70",
            "SEGUI_PROXIES": "10.0.0.1, 10.0.0.2",
            "SEGUI_CACHE_SECONDS": "60",
            "SEGUI_SESSIONS_MB": "500",
            "SEGUI_MCP": "1",
            "SEGUI_COUNT_FINDS": "0",
            "SEGUI_MAX_MODEL_MB": "350",
            "SEGUI_ALLOWED_MODELS": "google/*, org/faces",
            "SEGUI_MANUAL_MODELS": "0",
            "SEGUI_SAFE_DECODING": "0",
            "SEGUI_DECODE_SECONDS": "9",
            "SEGUI_SHRINK": "1",
        }
    )
    assert read == Settings(
        12.5,
        7,
        3,
        44,
        Path("models"),
        "Manual repo id",
        "cpu",
        5,
        60,
        sessions_mb=500,
        mcp=True,
        count_finds=False,
        max_model_mb=350,
        allowed_models=("google/*", "org/faces"),
        manual_models=False,
        max_regions=55,
        rare_formats=True,
        max_scan_megapixels=66.5,
        max_body_mb=2.5,
        client_queue=4,
        client_requests=700,
        client_connections=70,
        proxies=("10.0.0.1", "10.0.0.2"),
        safe_decoding=False,
        decode_seconds=9,
        shrink=True,
        max_crop_megapixels=77.5,
        max_mask_megapixels=88.5,
        max_upload_mb=99.5,
        client_upload_mb=1234,
        max_disk_mb=5678,
        allowed_hosts=("photos.example.org", "*.example.com"),
    )


@pytest.mark.parametrize("text", ["a/* b/c", "a/*,b/c", " a/* ,\n b/c, "])
def test_patterns_stand_between_commas_or_spaces(text):
    read = Settings.from_environment({"SEGUI_ALLOWED_MODELS": text})
    assert read.allowed_models == ("a/*", "b/c")


SPACE = {"SPACE_ID": "somebody/segui"}


@pytest.mark.parametrize(
    ("environment", "manual"),
    [
        ({}, True),
        (SPACE, False),
        (SPACE | {"SEGUI_ALLOWED_MODELS": " , "}, False),
        (SPACE | {"SEGUI_ALLOWED_MODELS": "google/*"}, True),
        (SPACE | {"SEGUI_MANUAL_MODELS": "1"}, True),
        (SPACE | {"SEGUI_ALLOWED_MODELS": "google/*", "SEGUI_MANUAL_MODELS": "0"}, False),
    ],
)
def test_a_space_takes_models_by_their_ids_only_where_it_says_so(environment, manual):
    assert Settings.from_environment(environment).manual_models is manual


@pytest.mark.parametrize(
    ("text", "switched"),
    [("1", True), (" True ", True), ("0", False), ("FALSE", False), (" ", False)],
)
def test_a_switch_is_a_digit_or_a_word(text, switched):
    assert Settings.from_environment({"SEGUI_MCP": text}).mcp is switched


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "SEGUI_MAX_MEGAPIXELS",
            "many",
            "SEGUI_MAX_MEGAPIXELS is 'many': expected a number above 0",
        ),
        ("SEGUI_MAX_MEGAPIXELS", "nan", "SEGUI_MAX_MEGAPIXELS is 'nan': expected a number above 0"),
        ("SEGUI_MAX_MEGAPIXELS", "0", "SEGUI_MAX_MEGAPIXELS is '0': expected a number above 0"),
        ("SEGUI_MAX_MASKS", "2.5", "SEGUI_MAX_MASKS is '2.5': expected a whole number above 0"),
        ("SEGUI_DEVICE", "tpu", "SEGUI_DEVICE is 'tpu': expected one of auto, gpu, cpu"),
        ("SEGUI_MCP", "yes", "SEGUI_MCP is 'yes': expected 1, 0, true or false"),
    ],
)
def test_a_wrong_value_is_refused_with_its_variable(name, text, message):
    with pytest.raises(InputError) as caught:
        Settings.from_environment({name: text})
    assert str(caught.value) == message


def test_the_page_is_not_built_to_start_with_a_classifier_that_is_none():
    settings = Settings.from_environment({"SEGUI_CLASSIFIER": "colour names"})
    with pytest.raises(InputError) as caught:
        build_page(settings)
    assert str(caught.value).startswith("SEGUI_CLASSIFIER is 'colour names': expected one of ")


def test_each_field_is_explained_once():
    explained = re.findall(r"^ {4,8}(\w+): ", inspect.getdoc(Settings) or "", re.MULTILINE)
    assert sorted(explained) == sorted(field.name for field in fields(Settings))
