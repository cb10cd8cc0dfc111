"""File fields that take what was uploaded to this server and nothing else."""

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import FileData, ListFiles
from pydantic import ValidationError

_HOW = "gradio_client.handle_file does that"


class UploadedFile(FileData):
    """A file that was uploaded to this server."""

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Any:
        """Check that the value describes a file."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise _refusal(f"an uploaded file is expected: {_HOW}") from error


class UploadedFiles(ListFiles):
    """Files that were uploaded to this server."""

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Any:
        """Check that the value describes a list of files."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise _refusal(f"a list of uploaded files is expected: {_HOW}") from error


def uploads_only(component: gr.File) -> gr.File:
    """Make a ``gr.File`` fetch no addresses and explain what it does not take.

    Gradio would download an address that is given in place of a file, of any size and into
    memory: the limit on uploads does not count there.

    Args:
        component: Changed in place. A subclass would be cleaner, but for each one Gradio writes
            a ``.pyi`` file next to its source.

    Returns:
        The same component.
    """
    accept = component.async_move_resource_to_block_cache

    async def refuse_addresses(url_or_file_path: str | Path | None) -> str | None:
        if str(url_or_file_path).lower().startswith(("http:", "https:")):
            raise _refusal("this server fetches no addresses: download the file and upload it")
        return await accept(url_or_file_path)

    component.async_move_resource_to_block_cache = refuse_addresses  # type: ignore[method-assign]
    component.data_model = UploadedFiles if component.file_count == "multiple" else UploadedFile
    return component


def _refusal(sentence: str) -> gr.Error:
    return gr.Error(sentence, print_exception=False)
