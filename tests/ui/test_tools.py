"""What a language model's client gets from the app with ``SEGUI_MCP=1``, by raw JSON-RPC."""

import base64
import io
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from segui.errors import InputError
from segui.options import default_values
from segui.settings import Settings
from segui.ui.api import tools as tools_module
from tests.app_server import ROOT, AppServer, running_app
from tests.ui.listener import listening

SCENE = ROOT / "examples" / "balloons"
BOTH = ["composite", "segments"]

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    with running_app(tmp_path_factory.mktemp("tools"), SEGUI_MCP="1") as server:
        yield server


def ask(server: AppServer, method: str, **params: Any) -> dict[str, Any]:
    """The result of one JSON-RPC request, as it comes in the answer's only event."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
    }
    request = urllib.request.Request(f"{server.url}/gradio_api/mcp/", body, headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=120) as response:  # noqa: S310  our own server
        lines = response.read().decode().splitlines()
    return json.loads([line for line in lines if line.startswith("data:")][-1][5:])["result"]


def call(server: AppServer, name: str, **arguments: Any) -> dict[str, Any]:
    return ask(server, "tools/call", name=name, arguments=arguments)


def refusal(server: AppServer, name: str = "composite", **arguments: Any) -> str:
    """The sentence with which a call is refused."""
    answer = call(server, name, **{"image": data_url("photo.jpg"), "effect": "grey", **arguments})
    assert answer["isError"]
    (content,) = answer["content"]
    return content["text"]


def report_of(answer: dict[str, Any]) -> dict[str, Any]:
    assert not answer.get("isError"), answer["content"]
    return json.loads(answer["content"][-1]["text"])


def data_url(name: str) -> str:
    content = base64.b64encode((SCENE / name).read_bytes()).decode()
    return f"data:image/{'jpeg' if name.endswith('jpg') else 'png'};base64,{content}"


def upload(server: AppServer, path: Path) -> str:
    """Where a file lies on the server after an upload."""
    head = f'Content-Disposition: form-data; name="files"; filename="{path.name}"'.encode()
    body = b"--sep\r\n" + head + b"\r\n\r\n" + path.read_bytes() + b"\r\n--sep--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=sep"}
    request = urllib.request.Request(f"{server.url}/gradio_api/upload", body, headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310  our own server
        return json.loads(response.read())[0]


def schemas(server: AppServer) -> dict[str, dict[str, Any]]:
    return {tool["name"]: tool["inputSchema"] for tool in ask(server, "tools/list")["tools"]}


def test_the_two_endpoints_are_the_only_tools(tools):
    hello = {"protocolVersion": "2025-03-26", "capabilities": {}}
    answer = ask(tools, "initialize", clientInfo={"name": "test", "version": "1"}, **hello)
    assert answer["serverInfo"]["name"] == "segui"
    assert sorted(schemas(tools)) == BOTH
    with urllib.request.urlopen(f"{tools.url}/gradio_api/mcp/schema") as response:  # noqa: S310
        assert sorted(tool["name"] for tool in json.loads(response.read())) == BOTH


def test_the_tools_have_the_endpoints_parameters(tools):
    with urllib.request.urlopen(f"{tools.url}/gradio_api/info") as response:  # noqa: S310
        endpoints = json.loads(response.read())["named_endpoints"]
    for name, schema in schemas(tools).items():
        wanted = [item["parameter_name"] for item in endpoints[f"/{name}"]["parameters"]]
        assert list(schema["properties"]) == wanted
        assert schema["required"] == ["image"]


def test_every_parameter_is_described_to_its_end(tools):
    for tool in ask(tools, "tools/list")["tools"]:
        assert "Returns: " in tool["description"]
        for field in tool["inputSchema"]["properties"].values():
            assert field["description"].endswith(".")


def test_ranges_and_words_are_told(tools):
    fields = schemas(tools)["composite"]["properties"]
    assert fields["feather"]["description"] == (
        "Width of the soft edge, a whole number of px from 0 to 500, or a share of each area from "
        "'0%' to '100%'."
    )
    number, share = fields["feather"]["anyOf"]
    assert (number["minimum"], number["maximum"], share["type"]) == (0, 500, "string")
    assert fields["edge"]["enum"] == ["smooth", "outward", "impact"]
    assert fields["on_unknown"]["description"].endswith(
        '"remain" (not chosen), "filter" (chosen) or "review" (not chosen, and listed apart).'
    )


def test_every_option_has_its_default(tools):
    fields = schemas(tools)["composite"]["properties"]
    for name, value in default_values().items():
        assert fields[name]["default"] == value
        assert "additional_description" not in fields[name]
    assert set(fields) == {
        *("image", "masks", "reference", "edits", "points", "boxes", "outlines", "strokes"),
        *("examples", "recipe"),
        *("more_references", "sticker_picture"),
        *default_values(),
    }


@pytest.mark.parametrize(
    ("tool", "name", "sentence"),
    [
        ("composite", "feathr", "there is no parameter 'feathr': did you mean 'feather'?"),
        ("composite", "mask", "there is no parameter 'mask': did you mean 'masks'?"),
        ("segments", "strength", "there is no parameter 'strength'"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_one(tools, tool, name, sentence):
    answer = call(tools, tool, image=data_url("photo.jpg"), **{name: 1})
    assert answer["isError"]
    assert [part["text"] for part in answer["content"]] == [sentence]


def test_files_are_texts_in_the_schema(tools):
    for schema in schemas(tools).values():
        fields = schema["properties"]
        assert (fields["image"]["type"], fields["reference"]["type"]) == ("string", "string")
        for name in ("masks", "more_references"):
            assert (fields[name]["type"], fields[name]["items"]["type"]) == ("array", "string")
        assert "$ref" not in json.dumps(schema)


def test_segments_of_an_example_are_judged(tools):
    report = report_of(
        call(
            tools,
            "segments",
            image=data_url("photo.jpg"),
            masks=[data_url("balloons.png")],
            expression="red > 50%",
        )
    )
    assert len(report["segments"]) == 12
    for segment in report["segments"]:
        assert segment["filtered"] is (segment["scores"]["red"] > 0.5)
    assert {segment["filtered"] for segment in report["segments"]} == {True, False}


def test_a_composite_comes_as_a_picture_to_look_at_and_an_address(tools):
    photo, mask = (upload(tools, SCENE / name) for name in ("photo.jpg", "balloons.png"))
    answer = call(
        tools,
        "composite",
        image=f"{tools.url}/gradio_api/file={photo}",
        masks=[f"{tools.url}/gradio_api/file={mask}"],
        expression="red > 50%",
        effect="invert",
        feather=0,
    )
    seen, address, _ = answer["content"]
    with Image.open(io.BytesIO(base64.b64decode(seen["data"]))) as small:
        assert (seen["mimeType"], small.format) == ("image/jpeg", "JPEG")
        assert max(small.size) == 768
    sentence, url = address["text"].split(": ", 1)
    assert sentence == "The PNG at full size"
    with urllib.request.urlopen(url) as response:  # noqa: S310  our own server
        result = np.array(Image.open(io.BytesIO(response.read())))
    with Image.open(SCENE / "photo.jpg") as image:
        before = np.array(image)
    for segment in report_of(answer)["segments"]:
        x1, y1, x2, y2 = segment["bbox"]
        middle = (y1 + y2) // 2, (x1 + x2) // 2
        expected = 255 - before[middle] if segment["filtered"] else before[middle]
        np.testing.assert_array_equal(result[middle], expected)


def test_progress_can_be_asked_for(tools):
    arguments = {"image": data_url("photo.jpg"), "masks": [data_url("balloons.png")]}
    answer = ask(
        tools,
        "tools/call",
        name="composite",
        arguments={**arguments, "effect": "grey"},
        _meta={"progressToken": 1},
    )
    assert [part["type"] for part in answer["content"]] == ["image", "text", "text"]


def test_a_wrong_value_is_refused_with_its_own_sentence(tools):
    masks = [data_url("balloons.png")]
    assert refusal(tools, masks=masks, feather=501) == (
        "feather is 501: expected a whole number from 0 to 500"
    )
    assert refusal(tools, masks=masks, edge="soft") == (
        "edge is 'soft' (did you mean 'smooth'?): expected one of 'smooth', 'outward', 'impact'"
    )
    assert refusal(tools, masks=masks, effect="hide", strength=2.5).startswith(
        "strength is 2.5: expected a whole number of px"
    )
    assert refusal(tools, masks=masks, expression="red <").endswith("\n  red <\n       ^")


@pytest.mark.parametrize("form", ["path", "address", "climbing", "file", "link"])
def test_no_file_of_the_server_is_read_by_its_path(tools, tmp_path, form):
    secret = tmp_path / "secret.png"  # it could be read: it is a picture of the right size
    secret.write_bytes((SCENE / "balloons.png").read_bytes())
    climb = os.path.relpath(secret, tools.cache)
    attempt = {
        "path": str(secret),
        "address": f"{tools.url}/gradio_api/file={secret}",
        "climbing": f"{tools.url}/gradio_api/file={tools.cache}/{climb}",
        "file": secret.as_uri(),
        "link": f"{tools.url}/gradio_api/file={tools.cache / 'link.png'}",
    }[form]
    tools.cache.mkdir(exist_ok=True)
    if form == "link":
        (tools.cache / "link.png").symlink_to(secret)
    expected = "no file that can be read" if form in ("path", "file") else "no such upload"
    assert expected in refusal(tools, image=attempt)
    assert expected in refusal(tools, masks=[attempt])
    assert expected in refusal(tools, reference=attempt)
    assert secret.read_bytes() not in [
        path.read_bytes() for path in tools.cache.rglob("secret.png") if path.is_file()
    ]


@pytest.mark.parametrize("name", ["image", "masks", "reference", "expression", "effect", "alpha"])
def test_no_description_of_a_file_gets_through(tools, tmp_path, name):
    secret = tmp_path / "secret.png"
    secret.write_bytes((SCENE / "balloons.png").read_bytes())
    attempt: Any = {"path": str(secret), "meta": {"_type": "gradio.FileData"}}
    sentence = refusal(tools, **{name: [attempt] if name == "masks" else attempt})
    expected = f"{name} is an object: expected "
    is_file = name in ("image", "masks", "reference")
    assert sentence.startswith("Input validation error" if is_file else expected)
    assert not list(tools.cache.rglob("secret.png"))


def test_no_address_is_fetched(tools):
    with listening() as (address, asked):
        sentence = refusal(tools, image=f"{address}/photo.png")
    assert sentence == (
        "image is no file that can be read: expected a data URL such as "
        "data:image/png;base64,... of up to 3 MB, or the address of a file that was uploaded to "
        "this server by POST to /gradio_api/upload; no other address is fetched"
    )
    assert asked == []


def test_broken_base64_is_refused(tools):
    url = "data:image/png;base64,%%%"
    assert refusal(tools, image=url) == "image is a data URL whose base64 cannot be read"
    assert refusal(tools, masks=[url]) == "masks[0] is a data URL whose base64 cannot be read"


def test_a_file_over_the_limit_is_refused_before_it_is_written(tmp_path):
    with running_app(tmp_path, SEGUI_MCP="1", SEGUI_MAX_FILE_MB="1") as server:
        text = base64.b64encode(bytes(3 * 2**19)).decode()
        sentence = refusal(server, image=f"data:image/png;base64,{text}")
        assert sentence == "image has 1.5 MB: at most 1 are read"


def test_a_file_in_the_wrong_place_is_not_sent_back(tools):
    url = "data:image/png;base64," + "A" * 400_000
    for wrong in ({"masks": url}, {"image": [url]}, {"reference": {"path": url}}):
        assert len(refusal(tools, **wrong)) < 400


def test_too_many_masks_are_refused(tools):
    sentence = refusal(tools, masks=["data:image/png;base64,AAAA"] * 257)
    assert sentence == "masks has 257 files: at most 256 are read"


def test_it_is_off_unless_it_is_asked_for(app):
    assert not Settings().mcp
    with pytest.raises(urllib.error.HTTPError):
        ask(app, "tools/list")


# The package mcp

INSTALL = 'pip install "mcp>=1.22,<2" -c constraints.txt'


def test_the_tests_install_what_the_tools_want():
    wanted = (ROOT / "tests" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert f"mcp{tools_module.RELEASES}" in wanted
    assert INSTALL in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("installed", ["1.21.2", "2.0.0"])
def test_a_package_of_another_release_is_refused_with_a_sentence(tmp_path, installed):
    described = tmp_path / f"mcp-{installed}.dist-info"
    described.mkdir()
    (described / "METADATA").write_text(f"Name: mcp\nVersion: {installed}\n")
    environment = {"SEGUI_MCP": "1", "GRADIO_TEMP_DIR": str(tmp_path), "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"SEGUI_MCP needs the package mcp, of which {installed} is installed, expected >=1.22,<2:"
        f" {INSTALL}"
    )
    assert "Traceback" not in done.stderr


def test_without_the_package_a_sentence_says_how_to_get_it(monkeypatch):
    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(tools_module, "version", version)
    assert refused_options() == (
        f"SEGUI_MCP needs the package mcp, which is not installed: {INSTALL}"
    )


def test_a_package_that_cannot_be_imported_is_refused_with_the_reason(monkeypatch):
    monkeypatch.setitem(sys.modules, "mcp", None)
    assert refused_options() == (
        "SEGUI_MCP needs the package mcp, which cannot be imported: import of mcp halted; None in"
        f" sys.modules: {INSTALL}"
    )


def refused_options() -> str:
    no_page: Any = None  # it is not looked at
    with pytest.raises(InputError) as caught:
        tools_module.tool_options(no_page, Settings())
    return str(caught.value)
