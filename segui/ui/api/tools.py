"""The endpoints as tools for language models, by the Model Context Protocol (MCP).

Gradio serves them; what is added here is what its server does not do: whole descriptions, several
files in one argument, files within an argument, pictures of a size that a model can look at.
"""

import base64
import binascii
import inspect
import json
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import gradio as gr
from anyio.to_thread import run_sync
from gradio.mcp import GradioMCPServer
from gradio.utils import get_upload_folder
from packaging.specifiers import SpecifierSet

from segui.amounts import allowed, rounded_up
from segui.errors import InputError, short
from segui.images.formats import FORMATS
from segui.options import no_such
from segui.session.folders import FILE_URL, fresh_folder, url_of
from segui.settings import Settings
from segui.storing import store
from segui.ui.api.parameters import endpoint_defaults, read_parameters
from segui.ui.api.values import check_upload

RELEASES: Final = ">=1.22,<2"  # of mcp; 1.21 cannot be imported beside pydantic 2.14
ONE_FILE = frozenset({"image", "reference", "sticker_picture"})
SEVERAL_FILES = frozenset({"masks", "more_references"})
FILE_NAMES = ONE_FILE | SEVERAL_FILES
_STEMS: Final = {"masks": "mask", "more_references": "edited"}  # of files that came as texts
SEEN_PX = 768  # the longer side of the picture that the model gets to see
_HOW_TO_SEND = (
    "a data URL such as data:image/png;base64,... of up to 3 MB, or the address of a file that was "
    "uploaded to this server by POST to /gradio_api/upload; no other address is fetched"
)
# the limits keep the search short in a text of megabytes
_DATA_URL = re.compile(r"data:image/([a-z0-9]{1,10})[^,]{0,100};base64,", re.IGNORECASE)
_FILE = {"_type": "gradio.FileData"}


def tool_options(page: gr.Blocks, settings: Settings) -> dict[str, Any]:
    """Make a page serve its public endpoints as tools, below ``/gradio_api/mcp/``.

    Args:
        page: Changed in place: ``launch`` looks for the server there.
        settings: Limits of files and pictures.

    Returns:
        What is added to ``app_kwargs`` of ``launch``.

    Raises:
        InputError: The package ``mcp`` is not installed, or not as it is needed.
    """
    _check_package()
    try:
        server = ToolServer(page, settings)
    except ImportError as error:
        reason = error.__cause__ or error  # Gradio says that it is not installed, in any case
        raise _wrong_package(f"which cannot be imported: {reason}") from error
    # launch(mcp_server=True) would make a server of Gradio's own here
    page.mcp_server_obj = server
    page.mcp_server = True
    return {"lifespan": server.lifespan}


def _check_package() -> None:
    try:
        installed = version("mcp")
    except PackageNotFoundError as error:
        raise _wrong_package("which is not installed") from error
    if not SpecifierSet(RELEASES).contains(installed, prereleases=True):
        raise _wrong_package(f"of which {installed} is installed, expected {RELEASES}")


def _wrong_package(trouble: str) -> InputError:
    return InputError(
        f"SEGUI_MCP needs the package mcp, {trouble}:"
        f' pip install "mcp{RELEASES}" -c constraints.txt'
    )


class ToolServer(GradioMCPServer):
    """Gradio's server of tools, for the two endpoints.

    Args:
        page: Its public endpoints become the tools.
        settings: Limits of files and pictures.
    """

    def __init__(self, page: gr.Blocks, settings: Settings) -> None:
        super().__init__(page)
        self._settings = settings
        self._folder = Path(get_upload_folder())

    def create_mcp_server(self) -> Any:
        """Gradio's server, with what a call says checked first.

        The package ``mcp`` checks a call by the tool's schema, and its sentences have no names:
        "501 is greater than the maximum of 500".
        """
        server = super().create_mcp_server()
        answer = server.request_handlers[self.types.CallToolRequest]

        async def checked(request: Any) -> Any:
            sentence = self._refusal(request.params.name, request.params.arguments or {})
            if not sentence:
                return self._shortened(await answer(request))
            content = self.types.TextContent(type="text", text=sentence)
            result = self.types.CallToolResult(content=[content], isError=True)
            return self.types.ServerResult(result)

        server.request_handlers[self.types.CallToolRequest] = checked
        return server

    def _shortened(self, answer: Any) -> Any:
        """An answer whose sentence does not give back a file that came as a text."""
        result = answer.root
        if not getattr(result, "isError", False):
            return answer
        content = [
            part.model_copy(update={"text": short(part.text)})
            if isinstance(part, self.types.TextContent)
            else part
            for part in result.content
        ]
        return self.types.ServerResult(result.model_copy(update={"content": content}))

    def _refusal(self, tool: str, arguments: Mapping[str, Any]) -> str:
        """What is wrong with the names and the options of a call; empty where nothing is."""
        endpoint = self.tool_to_endpoint.get(tool)
        if endpoint is None:
            return ""  # Gradio's server says that there is no such tool
        known = endpoint_defaults(self._settings, has_paste=endpoint == "/composite")
        for name in arguments:
            if name not in known:
                return no_such(name, known, "parameter")
        options = {name: item for name, item in arguments.items() if name not in FILE_NAMES}
        try:
            read_parameters(options, self._settings)
        except InputError as error:
            return str(error)
        return ""

    def get_fn_description(
        self,
        block_fn: Any,
        tool_name: str,  # noqa: ARG002  the function says it all
    ) -> tuple[str, dict[str, str]]:
        """What the tool does, and each of its arguments, as the endpoint's docstring says it."""
        return read_docstring(inspect.getdoc(block_fn.fn) or "")

    def simplify_filedata_schema(
        self, schema: dict[str, Any]
    ) -> tuple[dict[str, Any], list[list[str | int]]]:
        """Files become texts, which say what may stand there."""
        properties = {
            name: _as_text(name, field) if name in FILE_NAMES else _of_option(field)
            for name, field in schema["properties"].items()
        }
        positions: list[list[str | int]] = [[name] for name in FILE_NAMES]
        return {**schema, "properties": properties}, positions

    def convert_strings_to_filedata(
        self,
        value: Any,
        filedata_positions: Any,  # noqa: ARG002  the names say it
    ) -> Any:
        """The arguments with each file as the endpoints take it."""
        return {name: self._converted(name, item) for name, item in value.items()}

    def postprocess_output_data(self, data: Any, root_url: str) -> list[Any]:
        """The report as JSON; a picture to look at, and the address of the whole."""
        return [part for output in data for part in self._contents(output, root_url)]

    async def _execute_tool_without_progress(self, job: Any) -> list[Any]:
        found = await run_sync(job.result)
        return await self._with_pictures(
            list(found) if isinstance(found, list | tuple) else [found]
        )

    async def _execute_tool_with_progress(  # type: ignore[override]  # it says dict, and is a list
        self, job: Any, progress_token: str | int
    ) -> list[Any]:
        found: Any = await super()._execute_tool_with_progress(job, progress_token)
        return await self._with_pictures(found)

    def _converted(self, name: str, value: Any) -> Any:
        if name in ONE_FILE and value is not None:
            return self._file(name, name, value)
        if name in SEVERAL_FILES and isinstance(value, list):
            if len(value) > (most := self._settings.max_masks):
                raise InputError(f"{name} has {len(value)} files: at most {most} are read")
            stem = _STEMS[name]
            return [
                self._file(f"{name}[{place}]", f"{stem}{place + 1}", item)
                for place, item in enumerate(value)
            ]
        if isinstance(value, dict | list):  # Gradio's client would read a file that one describes
            raise InputError(f"{name} is a {type(value).__name__}: expected a text or a number")
        return value

    def _file(self, name: str, stem: str, value: Any) -> dict[str, Any]:
        """A file of this server: one that is written now, or one that was uploaded before."""
        if isinstance(value, str) and (head := _DATA_URL.match(value)):
            path = self._write(name, f"{stem}.{head[1].lower()}", value[head.end() :])
        elif isinstance(value, str) and f"/{FILE_URL}" in value:
            address = unquote(urlsplit(value).path)
            path = check_upload(name, {"path": address.split(f"/{FILE_URL}")[1]}, self._folder)
        else:
            raise InputError(f"{name} is no file that can be read: expected {_HOW_TO_SEND}")
        return {"path": str(path), "orig_name": path.name, "meta": _FILE}

    def _write(self, name: str, file_name: str, text: str) -> Path:
        size_mb = len(text) * 3 / 4 / 2**20
        if size_mb > self._settings.max_file_mb:
            most = allowed(self._settings.max_file_mb)
            raise InputError(f"{name} has {rounded_up(size_mb)} MB: at most {most} are read")
        try:
            content = base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise InputError(f"{name} is a data URL whose base64 cannot be read") from error
        path = fresh_folder(self._folder) / file_name
        store(path, content)
        self.blocks.upload_file_set.add(str(path))  # cleared away by its age, as uploads are
        return path

    async def _with_pictures(self, outputs: list[Any]) -> list[Any]:
        """The outputs, and beside a file what the model gets to see of it."""
        return [
            {**output, "seen": await run_sync(self._seen, output["path"])}
            if _is_file(output)
            else output
            for output in outputs
        ]

    def _seen(self, path: str) -> str:
        from segui.images.pictures import encode_jpeg, read_picture

        picture = read_picture(path, **self._settings.reading)
        small = encode_jpeg(picture.pixels, max_side=SEEN_PX, icc_profile=picture.icc_profile)
        return base64.b64encode(small).decode("ascii")

    def _contents(self, output: Any, root_url: str) -> list[Any]:
        if not _is_file(output):
            text = json.dumps(output, ensure_ascii=False)
            return [self.types.TextContent(type="text", text=text)]
        ending = Path(output["path"]).suffix
        labels = {one.ending: one.label for one in FORMATS.values()}
        address = f"{root_url.rstrip('/')}/{url_of(Path(output['path']))}"
        return [
            self.types.ImageContent(type="image", data=output["seen"], mimeType="image/jpeg"),
            self.types.TextContent(
                type="text", text=f"The {labels.get(ending, 'picture')} at full size: {address}"
            ),
        ]


def read_docstring(text: str) -> tuple[str, dict[str, str]]:
    r"""What a docstring says of the whole, with its result, and of each argument.

    >>> read_docstring("Add.\n\nArgs:\n    a: A\n        number.\n\nReturns:\n    The sum.")
    ('Add. Returns: The sum.', {'a': 'A number.'})
    """
    about, _, rest = text.partition("\nArgs:\n")
    listed, _, result = rest.partition("\nReturns:\n")
    found = re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", listed, re.MULTILINE)
    arguments = {name: " ".join(said.split()) for name, said in found}
    return " ".join(f"{about} Returns: {result}".split()), arguments


def _as_text(name: str, field: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a file, or of several: texts."""
    said = field.get("description", "")
    if name in ONE_FILE:
        return {"type": "string", "description": f"{said} As {_HOW_TO_SEND}."}
    each = {"type": "string", "description": f"A file, as {_HOW_TO_SEND}."}
    return {"type": "array", "items": each, "default": [], "description": said}


def _of_option(field: Mapping[str, Any]) -> dict[str, Any]:
    """An option's schema without what the API page alone looks at."""
    return {key: item for key, item in field.items() if key != "additional_description"}


def _is_file(output: Any) -> bool:
    return isinstance(output, dict) and output.get("meta") == _FILE
