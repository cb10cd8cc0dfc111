"""A session's view of real files, worked out from scratch as the app does it."""

from pathlib import Path
from typing import Any

from segui.classifiers.model_cache import ModelCache
from segui.options import default_values
from segui.session.files import FileRef, Files
from segui.session.inputs import Inputs
from segui.session.reduce import with_options
from segui.session.stages import Engine
from segui.session.view import View
from segui.session.working import work_out
from segui.settings import Settings


def ref(path: Path) -> FileRef:
    return FileRef(str(path), path)


def inputs_of(photo: Path, *masks: Path, **options: Any) -> Inputs:
    files = Files(ref(photo), tuple(ref(mask) for mask in masks))
    return with_options(Inputs.fresh(default_values()).with_files(files), options)


def view_of(inputs: Inputs, folder: Path) -> View:
    """All that follows from inputs; what it writes lies in the folder."""
    settings = Settings()
    engine = Engine(settings, ModelCache(settings), lambda: folder)
    plan, _ = work_out(inputs, engine)
    return View(1, plan)
