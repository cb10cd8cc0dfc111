"""The command ``segui``; each of its commands is a row of ``COMMANDS``."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Final, NamedTuple

from segui._version import __version__
from segui.errors import InputError, SeguiError


class Command(NamedTuple):
    """One command.

    Args:
        name: What is typed after ``segui``.
        help: What it does, in a line.
        add_options: Adds its options.
        run: Does it; what it raises of segui's errors is said on one line.
    """

    name: str
    help: str
    add_options: Callable[[argparse.ArgumentParser], object]
    run: Callable[[argparse.Namespace], object]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: What was typed after ``segui``; None takes what the process was given.

    Returns:
        The exit status; what cannot be done, and a command that is not known, end the process with
        a sentence instead.
    """
    asked = _parser().parse_args(arguments)
    try:
        asked.run(asked)
    except SeguiError as error:
        raise SystemExit(f"segui: {error}") from error
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "segui", description="Edit only the parts of a photo that match a rule."
    )
    parser.add_argument("--version", action="version", version=f"segui {__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")
    for command in COMMANDS:
        own = commands.add_parser(command.name, help=command.help, description=f"{command.help}.")
        command.add_options(own)
        own.set_defaults(run=command.run)
    return parser


def _add_serve_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="where it answers: HOST, or else 127.0.0.1")
    parser.add_argument("--port", help="at which port: PORT, or else 7860")


def _serve(asked: argparse.Namespace) -> None:
    if find_spec("gradio") is None:
        raise InputError(
            "serve needs the package gradio, which is not installed: pip install 'segui[app]'"
        )
    from segui.ui.serve import address_from, open_page, serve

    address = address_from(host=asked.host, port=asked.port)
    page, settings = open_page()
    serve(page, settings, address)


def _add_annotations_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="COCO's JSON, of any number of pictures")
    parser.add_argument("--photo", help="print what it says of this picture, as JSON")


def _annotations(asked: argparse.Namespace) -> None:
    from segui.masks.annotations.coco_file import CocoFile

    with CocoFile(asked.file) as file:
        if asked.photo is None:
            said = f"{len(file)} pictures, {file.annotation_count} annotations"
        else:
            said = json.dumps(file.of_photo(asked.photo), indent=1)
    sys.stdout.write(f"{said}\n")


COMMANDS: Final = (
    Command("serve", "Serve the page to a browser", _add_serve_options, _serve),
    Command(
        "annotations",
        "Find one picture's annotations among those of many",
        _add_annotations_options,
        _annotations,
    ),
)
