import json
import subprocess
import sys
from pathlib import Path

import pytest

import segui
from segui import cli

ROOT = Path(__file__).parents[1]


def refusal(*arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    return str(ended.value.code)


def test_it_says_its_version(capsys):
    assert refusal("--version") == "0"
    assert capsys.readouterr().out == f"segui {segui.__version__}\n"


def test_help_lists_each_command(capsys):
    assert refusal("--help") == "0"
    said = capsys.readouterr().out
    for command in cli.COMMANDS:
        assert f"{command.name} " in said
        assert command.help in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "segui: error: the following arguments are required: command"),
        (["serv"], "invalid choice: 'serv'"),
        (["serve", "--hots", "x"], "segui: error: unrecognized arguments: --hots x"),
    ],
)
def test_what_is_no_command_is_said_with_the_usage(capsys, arguments, sentence):
    assert refusal(*arguments) == "2"
    said = capsys.readouterr().err
    assert said.startswith("usage: segui [-h] [--version] command ...\n")
    assert sentence in said


def test_what_a_command_refuses_is_one_line():
    expected = "segui: --port is 'x': expected a whole number from 1 to 65535"
    assert refusal("serve", "--port", "x") == expected


def test_serve_serves_where_it_was_told(monkeypatch):
    served = []
    monkeypatch.setattr("segui.ui.serve.open_page", lambda: ("page", "settings"))
    monkeypatch.setattr("segui.ui.serve.serve", lambda *given: served.append(given))
    monkeypatch.setenv("HOST", "10.0.0.1")
    assert cli.main(["serve", "--port", "8080"]) == 0
    assert served == [("page", "settings", ("10.0.0.1", 8080))]


def test_a_bug_keeps_its_traceback(monkeypatch):
    def broken(_):
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "COMMANDS", (cli.Command("break", "Break", lambda _: None, broken),))
    with pytest.raises(ZeroDivisionError):
        cli.main(["break"])


def test_without_gradio_a_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(cli, "find_spec", lambda _: None)
    assert refusal("serve") == (
        "segui: serve needs the package gradio, which is not installed: pip install 'segui[app]'"
    )


def test_python_m_segui_is_the_same_and_loads_nothing_heavy():
    code = (
        "import runpy, sys\n"
        "sys.argv = ['segui', '--version']\n"
        "try: runpy.run_module('segui', run_name='__main__')\n"
        "except SystemExit as end: print(end.code, sorted({'torch', 'gradio'} & {*sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"segui {segui.__version__}\n0 []\n"


def test_annotations_of_one_picture_are_found_among_those_of_many(tmp_path, capsys):
    images = [{"id": number, "file_name": f"{number}.jpg"} for number in range(3)]
    areas = [{"id": number, "image_id": number % 3, "bbox": [1, 2, 3, 4]} for number in range(7)]
    path = tmp_path / "coco.json"
    path.write_text(json.dumps({"images": images, "annotations": areas, "info": 5}))
    assert cli.main(["annotations", str(path)]) == 0
    assert capsys.readouterr().out == "3 pictures, 7 annotations\n"
    assert cli.main(["annotations", str(path), "--photo", "1.jpg"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "info": 5,
        "images": images[1:2],
        "annotations": [areas[1], areas[4]],
    }
    expected = "segui: coco.json has 3 pictures, and none is called 9.jpg"
    assert refusal("annotations", str(path), "--photo", "9.jpg") == expected
