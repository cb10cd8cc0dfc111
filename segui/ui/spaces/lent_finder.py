"""What stays on a Space of a model that finds where the GPU is: see ``finding_there``.

What needs no model, such as telling the thing in a box from its ground, is done here, where no GPU
waits for it.
"""

import zlib
from collections.abc import Callable
from functools import partial

import numpy as np

from segui.amounts import allowed, rounded_up
from segui.errors import InputError
from segui.finders.base import Area, Asked, Pixels
from segui.finders.models.boxed import Boxed
from segui.finders.models.effort import UNLIMITED, Effort
from segui.finders.models.fetched import FinderConfig, fetched
from segui.finders.models.hub import HubFinder, Ready, loaded_from, question
from segui.finders.models.loaded import Loaded
from segui.finders.models.words import words_of
from segui.geometry import Box
from segui.models.loading import LoadedOnce, Progress
from segui.ui.spaces.finding_there import Ask, LentFinderModel, PlainArea, Question
from segui.ui.spaces.zero_gpu import MAX_BYTES


class LentFinder(HubFinder):
    """A model that is asked where the GPU is, and stays unloaded here.

    One that is clicked at is loaded here and asked on the CPU: it looks at a photo once, in
    seconds, and then answers each click sooner than a GPU could be had. So is one of faces that
    OpenCV runs, and one that softens edges, part by part.

    Args:
        config: Which model; its files are fetched here, while no GPU waits for them.
        make_room: Called when it is loaded, before it is used.
        ask: What ``finding_on_gpu`` gave.
    """

    def __init__(self, config: FinderConfig, make_room: Callable[[], object], ask: Ask) -> None:
        super().__init__(config, make_room)
        self._once = LoadedOnce(partial(_ready, config))
        self._ask = ask

    def areas(self, picture: Pixels, asked: Asked, effort: Effort = UNLIMITED) -> list[Area]:
        """What is found; see ``HubFinder.areas``."""
        ready, pixels = self._ready_for(picture)
        family = ready.family
        if family.stays_here:
            return super().areas(picture, asked, effort)
        if family.boxes is not None:
            return family.fill(self.boxes(picture, asked, effort), pixels, effort)
        return [_area(one) for one in self._there(ready, pixels, asked, effort)]

    def boxes(self, picture: Pixels, asked: Asked, effort: Effort = UNLIMITED) -> list[Boxed]:
        """The boxes that are found; see ``HubFinder.boxes``."""
        ready, pixels = self._ready_for(picture)
        if ready.family.boxes is None:
            return super().boxes(picture, asked, effort)
        found = self._there(ready, pixels, asked, effort)
        return [Boxed(Box(*one.box), one.label, one.confidence) for one in found]

    def _there(self, ready: Ready, pixels: Pixels, asked: Asked, effort: Effort) -> list[PlainArea]:
        """What was found where the GPU is, or was lately; visitors need not wait for each other."""
        if ready.family.needs == "words":
            words_of(asked)  # no GPU is asked for nothing
        what = question("there", pixels, asked)
        with self._lock:
            found: list[PlainArea] | None = self._found.find(what)
        if found is None:
            effort.go_on()
            answer = self._ask(self._key(ready), _question(ready, pixels, asked, effort))
            with self._lock:
                found = self._found.get(what, lambda: answer)
        return found

    def _key(self, ready: Ready) -> LentFinderModel:
        folder = "" if self.config.folder is None else str(self.config.folder)
        return LentFinderModel(self.name, ready.revision or "", folder)


def _ready(config: FinderConfig, progress: Progress) -> Ready:
    files = fetched(config, progress)
    if files.family.stays_here:
        return loaded_from(config, files)
    return Ready(files.family, Loaded(None, name=config.name), (), files.revision, 0)


def _question(ready: Ready, pixels: Pixels, asked: Asked, effort: Effort) -> Question:
    if pixels.nbytes > MAX_BYTES:
        raise InputError(
            f"the photo has {rounded_up(pixels.nbytes / 1e6)} MB: "
            f"at most {allowed(MAX_BYTES / 1e6)} are sent to where the GPU is. "
            "A smaller photo has less"
        )
    size_hw = (pixels.shape[0], pixels.shape[1])
    wants_boxes = ready.family.boxes is not None
    return Question(size_hw, pixels.tobytes(), asked, wants_boxes, effort.max_megapixels)


def _area(plain: PlainArea) -> Area:
    box = Box(*plain.box)
    levels = np.frombuffer(zlib.decompress(plain.packed), np.uint8).reshape(box.size_hw)
    found = None if plain.found is None else Box(*plain.found)
    return Area(box, levels, plain.label, plain.confidence, found)
