import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from segui.errors import InputError
from segui.ui.serve import Address, address_from, refusals_said, take_folder

ROOT = Path(__file__).parents[2]


def ran(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, Address("127.0.0.1", 7860)),
        ({"HOST": "", "PORT": ""}, Address("127.0.0.1", 7860)),
        ({"HOST": "::1", "PORT": "80"}, Address("::1", 80)),
        ({"SPACE_ID": "somebody/segui"}, Address("0.0.0.0", 7860)),  # noqa: S104
        ({"SPACE_ID": "somebody/segui", "HOST": "10.0.0.1"}, Address("10.0.0.1", 7860)),
    ],
)
def test_where_it_answers(environment, address):
    assert address_from(environment) == address


def test_what_was_typed_wins_over_the_environment():
    environment = {"HOST": "10.0.0.1", "PORT": "none"}
    assert address_from(environment, "localhost", "65535") == Address("localhost", 65535)


@pytest.mark.parametrize("text", ["0", "65536", "-1", "80.5", "http", " "])
def test_what_is_no_port_is_said(text):
    with pytest.raises(InputError) as refused:
        address_from({"PORT": text})
    assert str(refused.value) == f"PORT is {text!r}: expected a whole number from 1 to 65535"
    with pytest.raises(InputError) as refused:
        address_from({"PORT": "80"}, port=text)
    assert str(refused.value) == f"--port is {text!r}: expected a whole number from 1 to 65535"


def test_a_refusal_ends_the_process_with_its_sentence():
    with pytest.raises(SystemExit) as ended, refusals_said():
        raise InputError("no such port")
    assert ended.value.code == "no such port"


@pytest.mark.process
def test_a_setting_that_cannot_be_read_is_said_without_a_traceback():
    done = ran("app.py", SEGUI_QUEUE_SIZE="many")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "SEGUI_QUEUE_SIZE is 'many': expected a number above 0\n"


@pytest.mark.process
def test_a_port_that_another_program_has_is_said_without_a_traceback(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = ran("app.py", HOST="127.0.0.1", PORT=port, GRADIO_TEMP_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"the page cannot be served at 127.0.0.1, port {port}: another program has that port,"
        " or this machine has no such address"
    )
    assert "Traceback" not in done.stderr


@pytest.mark.process
def test_a_folder_that_cannot_be_written_is_said_at_the_start(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    done = ran("app.py", GRADIO_TEMP_DIR=str(tmp_path / "file"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"the folder for files, {tmp_path / 'file'}, cannot be written: File exists;"
        " GRADIO_TEMP_DIR can name another one\n"
    )


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_folder_in_which_nothing_can_be_written_is_said_too(tmp_path, monkeypatch, number):
    def refused(_path: Path, _data: bytes) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setattr(Path, "write_bytes", refused)
    with pytest.raises(InputError) as said:
        take_folder()
    assert str(said.value) == (
        f"the folder for files, {tmp_path}, cannot be written: {os.strerror(number)};"
        " GRADIO_TEMP_DIR can name another one"
    )


@pytest.mark.process
def test_a_process_writes_below_a_folder_of_its_own_that_goes_with_it(tmp_path):
    code = (
        "from segui.ui.serve import open_page\n"
        "open_page()\n"
        "from gradio.utils import get_upload_folder\n"
        "from pathlib import Path\n"
        "(Path(get_upload_folder()) / 'tmp123').write_bytes(b'half a photo')\n"
        "print(get_upload_folder())\n"
    )
    done = ran("-c", code, GRADIO_TEMP_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    own = Path(done.stdout.strip())
    assert own.parent == tmp_path
    assert own.name.startswith("segui-")
    assert [*tmp_path.iterdir()] == []


@pytest.mark.process
def test_what_libraries_read_is_set_before_they_are_imported_and_what_is_set_stays():
    code = (
        "import os, sys\n"
        "from segui.ui import serve\n"
        "late = {'gradio', 'PIL', 'torch', 'transformers', 'huggingface_hub'}\n"
        "print(sorted(late & set(sys.modules)))\n"
        "serve.open_page()\n"
        "print(os.environ['PILLOW_BLOCKS_MAX'], os.environ['GRADIO_ANALYTICS_ENABLED'])\n"
        "from huggingface_hub import constants\n"
        "print(constants.HF_HUB_DISABLE_XET, constants.HF_HUB_DISABLE_TELEMETRY)\n"
    )
    unset = {"GRADIO_ANALYTICS_ENABLED": "", "HF_HUB_DISABLE_XET": ""}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**environment, "PILLOW_BLOCKS_MAX": "9"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["[]", "9 False", "True True"]


LOGGED = """
import logging
from segui.ui.serve import log_plainly
{before}
log_plainly()
{after}
logging.getLogger("segui").warning("refused")
"""
SET_UP = "logging.basicConfig(level='INFO')"


@pytest.mark.process
@pytest.mark.parametrize(("before", "after"), [("", ""), (SET_UP, ""), ("", SET_UP)])
def test_a_line_of_the_log_is_the_same_whoever_sets_logging_up(before, after):
    script = LOGGED.format(before=before, after=after)
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("", "refused\n")
