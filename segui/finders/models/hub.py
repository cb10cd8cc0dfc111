"""Finders from the hub or a folder: fetched, checked and loaded as classifiers are."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from segui.errors import InputError, SeguiError
from segui.finders.base import Area, Asked, Finder, Pixels, check_picture, on_white, segments_of
from segui.finders.found_by import Offered
from segui.finders.models.digests import digest_of
from segui.finders.models.effort import UNLIMITED, Effort
from segui.finders.models.fetched import Files, FinderConfig, fetched
from segui.finders.models.recent import Recent
from segui.geometry import Box
from segui.models.finder_catalogue import EDGE_CATALOGUE, Needs
from segui.models.library import of_transformers
from segui.models.loading import LoadedOnce, Progress
from segui.segments.cutting import CropOptions
from segui.segments.planes import TiledPlane
from segui.segments.segment import Segments

if TYPE_CHECKING:
    from segui.finders.models.boxed import Boxed
    from segui.finders.models.families import Family
    from segui.finders.models.loaded import Loaded

_SEEN: Final = 2  # pictures of which an embedding is kept: some MB each
_SEEN_BYTES: Final = 200_000_000  # that they take at most: SAM 3 keeps 117 MB of one
_FOUND: Final = 4  # answers that are kept, to be narrowed or cut out otherwise at once
_EDGES: Final = 500  # areas with softened edges, so that a slider does not ask again
_FOUND_BYTES: Final = 100_000_000  # that they take at most


@dataclass(frozen=True, eq=False)
class Ready:
    """A model that can be asked.

    Args:
        family: Of which family it is.
        loaded: The model, and what its family needs beside it.
        notes: What the user should know of how it runs.
        revision: The commit that was loaded; None of a local folder.
        size_bytes: What its weights take in memory.
    """

    family: "Family"
    loaded: "Loaded"
    notes: tuple[str, ...]
    revision: str | None
    size_bytes: int


class HubFinder:
    """A model that finds; its files are fetched and loaded at the first need.

    Threads may share one: it is loaded once and looks at one picture at a time.

    Args:
        config: Which model, and how it is run.
        make_room: Called when it is loaded, before it is used.
    """

    def __init__(
        self, config: FinderConfig, make_room: Callable[[], object] = lambda: None
    ) -> None:
        self.config = config
        self.name = config.name
        self._once: LoadedOnce[Ready] = LoadedOnce(partial(_load, config))
        self._make_room = make_room
        self._lock = Lock()
        self._seen: Recent[Any] = Recent(_SEEN, _bytes_of, _SEEN_BYTES)
        self._found: Recent[Any] = Recent(_FOUND, _size_of, _FOUND_BYTES)
        self._edges: Recent[TiledPlane] = Recent(_EDGES, _bytes_of, _FOUND_BYTES)

    @property
    def size_bytes(self) -> int:
        """What the weights take in memory; 0 before a load."""
        return 0 if self._once.value is None else self._once.value.size_bytes

    @property
    def revision(self) -> str | None:
        """The commit that was loaded; None before a load and of a local folder."""
        return None if self._once.value is None else self._once.value.revision

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how it runs; empty before a load."""
        return () if self._once.value is None else self._once.value.notes

    @property
    def needs(self) -> Needs:
        """What has to be said beside the photo; empty before a load."""
        return "" if self._once.value is None else self._once.value.family.needs

    def load(self, progress: Progress | None = None) -> None:
        """Fetch and load the model now; does nothing when that is done.

        Args:
            progress: Told how many bytes are here and how many there are in all; what it raises
                ends the fetch, and is raised.

        Raises:
            ClassifierError: It cannot be had or used; the sentence says why.
        """
        if self._once.value is None:
            self._once.get(progress)
            self._make_room()

    @property
    def gives_boxes(self) -> bool:
        """Whether it finds boxes, which another model can cut out; not before a load."""
        return self._once.value is not None and self._once.value.family.boxes is not None

    @property
    def gives_faces(self) -> bool:
        """Whether it finds faces; not before a load."""
        return self._once.value is not None and self._once.value.family.has_faces

    def within(self, effort: Effort) -> Finder:
        """The same finder with a bound on what each of its searches may take."""
        return _Bounded(self, effort)

    def find(self, picture: Pixels, asked: Asked, effort: Effort = UNLIMITED) -> Segments:
        """The segments; see ``segui.finders.base.Finder``.

        Args:
            picture: (H, W, 3 or 4) uint8, RGB or RGBA.
            asked: What is looked for.
            effort: What the search may take, and whether anybody still waits for it; a model
                that is looking ends between two of its layers.

        Raises:
            SumError: It would take more; mostly that is told before the model looks.
            InputError: The picture is of another kind, or what is asked for says too little.
            ClassifierError: The model cannot be had, or it failed.
        """
        areas = self.areas(picture, asked, effort)
        return segments_of(areas, (picture.shape[0], picture.shape[1]), asked.cut)

    def areas(self, picture: Pixels, asked: Asked, effort: Effort = UNLIMITED) -> list[Area]:
        """What is found, before it is cut out as segments; see ``find``."""
        ready, pixels = self._ready_for(picture)

        def find() -> list[Area]:
            loaded = replace(ready.loaded, effort=effort)
            ready.family.check(loaded, pixels, asked)
            return ready.family.find(loaded, pixels, asked, self._looked(ready, pixels))

        with self._asking(ready, effort):
            areas: list[Area] = self._found.get(question("areas", pixels, asked), find)
        return areas

    def boxes(self, picture: Pixels, asked: Asked, effort: Effort = UNLIMITED) -> "list[Boxed]":
        """The boxes that it finds, for a model that cuts out what is in them.

        Args:
            picture: (H, W, 3 or 4) uint8.
            asked: What is looked for.
            effort: As of ``find``.

        Raises:
            SumError: It would take more.
            InputError: It finds no boxes, or what is asked for says too little.
            ClassifierError: The model cannot be had, or it failed.
        """
        ready, pixels = self._ready_for(picture)
        find_boxes = ready.family.boxes
        if find_boxes is None:
            raise InputError(f"{self.name!r} finds no boxes: expected a model that does")

        def find() -> "list[Boxed]":
            loaded = replace(ready.loaded, effort=effort)
            ready.family.check(loaded, pixels, asked)
            return find_boxes(loaded, pixels, asked, None)

        with self._asking(ready, effort):
            found: list[Boxed] = self._found.get(question("boxes", pixels, asked), find)
        return found

    def cut_out(
        self, picture: Pixels, found: "Sequence[Boxed]", effort: Effort = UNLIMITED
    ) -> list[Area]:
        """What another model has found in boxes, cut out.

        Args:
            picture: (H, W, 3 or 4) uint8.
            found: The boxes.
            effort: As of ``find``.

        Raises:
            SumError: It would take more.
            InputError: It cuts out nothing.
            ClassifierError: The model cannot be had, or it failed.
        """
        ready, pixels = self._ready_for(picture)
        cut_out = ready.family.cut_out
        if cut_out is None:
            raise InputError(
                f"{self.name!r} does not cut out what is in a box: expected a model that is "
                "clicked at, such as SAM"
            )
        if not found:
            return []
        with self._asking(ready, effort):
            effort.check_boxes([one.box for one in found])  # before it looks, which takes seconds
            loaded = replace(ready.loaded, effort=effort)
            return cut_out(loaded, pixels, found, self._looked(ready, pixels))

    def soften(
        self,
        colours: Pixels,
        levels: Pixels,
        reach_px: int,
        effort: Effort = UNLIMITED,
        told: Callable[[int], object] = lambda _parts: None,
    ) -> Pixels:
        """A mask whose edge is what the model says of it.

        Args:
            colours: (H, W, 3) uint8, the picture around an area.
            levels: (H, W) uint8, its mask there.
            reach_px: How far from its edge it may change, px, at least 1.
            effort: As of ``find``.
            told: Told how many more parts are done.

        Returns:
            (H, W) uint8.

        Raises:
            InputError: It softens no edges.
            ClassifierError: The model cannot be had, or it failed.
        """
        from segui.finders.models.matting import edge_of, soften

        self.load()
        ready = self._once.get()
        if not ready.family.softens:
            raise InputError(
                f"{self.name!r} does not soften edges: expected a model such as "
                f"{EDGE_CATALOGUE[0].repo_id!r}"
            )
        edge = edge_of(levels, reach_px)
        if not edge.parts:
            return levels
        is_new = []

        def make() -> TiledPlane:
            is_new.append(True)
            loaded = replace(ready.loaded, effort=effort)
            return TiledPlane.of(soften(loaded, colours, levels, edge, lambda: told(1)))

        key = digest_of(colours), digest_of(levels), reach_px
        with self._asking(ready, effort):
            made = self._edges.get(key, make)
        if not is_new:
            told(len(edge.parts))
        return made.read(Box.of_size(made.size_hw))

    def offered(self, picture: Pixels, asked: Asked) -> tuple[Offered, ...]:
        """The outlines that the model has of what was clicked and framed in a picture.

        Where these were found before, the model is not asked.

        Args:
            picture: (H, W, 3 or 4) uint8.
            asked: What was looked for.

        Returns:
            None where it has one outline alone.

        Raises:
            ClassifierError: The model cannot be had, or it failed.
        """
        ready, pixels = self._ready_for(picture)
        offer = ready.family.offer
        if offer is None:
            return ()
        with self._asking(ready, UNLIMITED):
            return offer(ready.loaded, pixels, asked, self._looked(ready, pixels))

    def _ready_for(self, picture: Pixels) -> tuple[Ready, Pixels]:
        check_picture(picture)
        self.load()
        return self._once.get(), on_white(picture)

    @contextmanager
    def _asking(self, ready: Ready, effort: Effort) -> Iterator[None]:
        """Have the model for oneself; what it raises becomes a sentence."""
        try:
            with effort.alone(self._lock), effort.within(ready.loaded.model):
                yield
        except SeguiError:
            raise
        except Exception as error:
            if effort.has_ended(error):
                raise
            from segui.models.running import running_error

            raise running_error(error, self.name, "a smaller photo or model") from error

    def _looked(self, ready: Ready, pixels: Pixels) -> Any:
        """What the model keeps of a picture; None where it keeps nothing."""
        look = ready.family.look
        if look is None:
            return None
        return self._seen.get(digest_of(pixels), partial(look, ready.loaded, pixels))


@dataclass(frozen=True, eq=False)
class _Bounded:
    """A finder, and what its searches may take."""

    finder: HubFinder
    effort: Effort

    def find(self, picture: Pixels, asked: Asked) -> Segments:
        """The segments; see ``HubFinder.find``."""
        return self.finder.find(picture, asked, self.effort)


def question(what: str, pixels: Pixels, asked: Asked) -> Hashable:
    """What is asked; how it is cut out does not matter to what is found."""
    return what, digest_of(pixels), replace(asked, cut=CropOptions())


def _size_of(found: "list[Area] | list[Boxed]") -> int:
    """What is kept of areas; boxes are small."""
    return sum(one.levels.nbytes for one in found if isinstance(one, Area))


def _bytes_of(seen: Any) -> int:
    """What is kept of a picture, where it says so; of others it is little."""
    return int(getattr(seen, "nbytes", 0))


def _load(config: FinderConfig, progress: Progress) -> Ready:
    return loaded_from(config, fetched(config, progress))


def loaded_from(config: FinderConfig, files: Files) -> Ready:
    """A model loaded from its files.

    Args:
        config: Which model, and how it is run.
        files: What ``fetched`` gave.

    Raises:
        ClassifierError: It cannot be used.
    """
    from segui.finders.models.loaded import Loaded
    from segui.finders.models.yunet import YuNet
    from segui.models.reading import read_processor, read_tokenizer, read_weights
    from segui.models.running import loading_error, pick_device

    name, folder, family = config.name, files.folder, files.family
    if files.alone:
        net = YuNet(folder / files.alone, name)
        return Ready(family, Loaded(net, name=name), (), files.revision, net.size_bytes)
    (loader,) = of_transformers(family.loader)
    model = read_weights(loader, folder, files.described, name, trained_to=family.trained_to)
    processor = read_processor(folder, name) if family.has_processor else None
    tokenizer = read_tokenizer(folder, name) if family.needs == "words" else None
    device, notes = pick_device(config.device)
    try:
        model = model.eval().to(device)
    except Exception as error:
        raise loading_error(error, name) from error
    tensors = [*model.parameters(), *model.buffers()]
    return Ready(
        family,
        Loaded(model, processor, tokenizer, name),
        notes,
        files.revision,
        sum(tensor.numel() * tensor.element_size() for tensor in tensors),
    )
