"""The ready scenes of ``examples/``, worked once for everybody: what a visitor sees first."""

import io
import json
import shutil
from base64 import b64encode
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from PIL import Image

from segui.options import OPTIONS, default_values
from segui.session.derive import CountKey, count_key
from segui.session.files import FileRef, Files
from segui.session.folders import Folders
from segui.session.inputs import Inputs
from segui.session.results import Counted, Failed, StageName
from segui.session.stages import Runner
from segui.session.working import work_out
from segui.storing import storing, whole

# in the package where it was installed, beside it where it runs from its own folder
_PLACES = (Path(__file__).parents[1] / "examples", Path(__file__).parents[2] / "examples")
FOLDER = next((place for place in _PLACES if place.is_dir()), _PLACES[0])
OPENING = "balloons"


@dataclass(frozen=True)
class Example:
    """A scene and the settings that show it at its best.

    Args:
        name: Its folder's name.
        title: What it shows, in a few words.
        description: What is seen, in a sentence.
        photo: Its photo.
        masks: Its masks.
        reference: Its edited version, if it has one.
        options: The rest of its ``scene.json``: expression, effect, feather and so on.
    """

    name: str
    title: str
    description: str
    photo: Path
    masks: tuple[Path, ...]
    reference: Path | None
    options: dict[str, Any]


def load_examples(folder: Path = FOLDER) -> tuple[Example, ...]:
    """The examples, the opening one first; none where the engine was installed without them."""
    found = [_load(path) for path in sorted(folder.glob("*/scene.json"))]
    return tuple(sorted(found, key=lambda example: example.name != OPENING))


def picture_of(example: Example, width_px: int = 120) -> str:
    """A small picture of an example's photo, as a data URI."""
    buffer = io.BytesIO()
    with Image.open(example.photo) as image:
        image.draft("RGB", (width_px * 2, width_px * 2))  # decoded small: startup stays quick
        image.thumbnail((width_px, width_px))
        image.save(buffer, "JPEG", quality=80)
    return "data:image/jpeg;base64," + b64encode(buffer.getvalue()).decode("ascii")


class Examples:
    """Works each example when it is first asked for.

    Args:
        examples: The ready scenes, the opening one first.
        defaults: What every option is at first.
        folders: Where their files are served from.
        runner: Does the stages' work; what it writes lies in the examples' folder.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        defaults: dict[str, Any],
        folders: Folders,
        runner: Runner,
    ) -> None:
        self._examples = {example.name: example for example in examples}
        self._defaults = defaults
        self._folders = folders
        self._runner = runner
        self._lock = Lock()
        self._worked: dict[str, Inputs] = {}
        self._results: dict[tuple[StageName, Hashable], Any] = {}

    @property
    def opening(self) -> str:
        """The name of the one that the page opens with; empty where there is none."""
        return next(iter(self._examples), "")

    def get(self, name: str) -> Inputs | None:
        """The inputs of an example, whose results are there from now on; None without one."""
        example = self._examples.get(name)
        if example is None:
            return None
        with self._lock:
            if name not in self._worked:
                inputs = self._inputs(example)
                _, results = work_out(inputs, self._runner)
                if any(isinstance(one, Failed) and one.is_passing for one in results.values()):
                    return inputs  # not kept: it may go well the next time
                self._results.update(results)
                self._worked[name] = inputs
            return self._worked[name]

    def find(self, stage: StageName, key: Hashable) -> Any:
        """A result of an example as it is shown at first; None where it is none of these."""
        return self._results.get((stage, key))

    def keep_count(self, key: CountKey, counted: Counted) -> None:
        """Keep what a way would find in an example as it is shown at first; else nothing is kept.

        Args:
            key: What it was counted in, and by which options.
            counted: What was found there.
        """
        with self._lock:
            worked = [inputs for inputs in self._worked.values() if inputs.files.photo == key.photo]
            if any(count_key(inputs.areas, key.photo, key.way) == key for inputs in worked):
                self._results["count", key] = counted

    def _inputs(self, example: Example) -> Inputs:
        folder = self._folders.shared()
        own = {name: value for name, value in example.options.items() if name in OPTIONS}
        options = default_values(**{**self._defaults, **own})
        copied: Callable[[Path], FileRef] = lambda path: _copied(path, folder)  # noqa: E731
        files = Files(
            photo=copied(example.photo),
            masks=tuple(copied(path) for path in example.masks),
            reference=None if example.reference is None else copied(example.reference),
        )
        return Inputs(
            self._defaults,
            files,
            options,
            entered=options,
            scene=example.name,
            story=example.description,
        )


def _copied(path: Path, folder: Path) -> FileRef:
    """A file where the server may serve it from; the first copy serves all."""
    name = f"{path.parent.name}/{path.name}"
    target = folder / name
    if not target.exists():
        with storing():
            target.parent.mkdir(parents=True, exist_ok=True)
        with whole(target) as part:
            shutil.copyfile(path, part)
    return FileRef(f"example {name}", target)


def _load(path: Path) -> Example:
    scene: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    folder = path.parent
    reference = scene.pop("reference")
    title, description = scene.pop("title"), scene.pop("description")
    photo = folder / scene.pop("photo")
    masks = tuple(folder / name for name in scene.pop("masks"))
    scene["effect"] = scene.get("effect") or "none"
    return Example(
        folder.name,
        title,
        description,
        photo,
        masks,
        None if reference is None else folder / reference,
        scene,
    )
