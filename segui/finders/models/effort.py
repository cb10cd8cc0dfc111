"""What a model's search may take: how much is cut out, and whether anybody still waits for it."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from segui.amounts import allowed, rounded_up
from segui.errors import SumError
from segui.geometry import Box
from segui.segments.sums import check_sum

Stop = Callable[[], None]

MOST_OUTLINED: Final = 100  # boxes: telling a thing from its ground takes up to a second each
MOST_CUT_OUT: Final = 200  # things: a model that is clicked at takes some 0.2 s for each of them
MOST_AREAS: Final = 2000  # to be cut out of what a model said: each takes some 10 ms
MOST_WORDS_MEGAPIXELS: Final = 8.0  # shown for all words; a model takes some 4 s for each of them
MOST_EDGE_MEGAPIXELS: Final = 16.0  # shown of edges; a model takes some 7 s for each of them
MOST_POINTS: Final = 5000  # for all things: a decoder takes some 10 ms for each of them
_WAIT_SECONDS: Final = 0.2
_ADVICE: Final = "A higher confidence, fewer marks and a smaller photo have less"


def _never() -> None:
    pass


@dataclass(frozen=True, eq=False)
class Effort:
    """How much a search may take, and whether it is still wanted.

    Args:
        stop: Called now and then; what it raises ends the search, and is raised.
        max_megapixels: The most of all areas together that are cut out, in millions of pixels.
    """

    stop: Stop = _never
    max_megapixels: float = math.inf
    _ended: list[BaseException] = field(default_factory=list)

    def go_on(self) -> None:
        """See whether the search is still wanted.

        Raises:
            Exception: Whatever ``stop`` raises.
        """
        try:
            self.stop()
        except BaseException as error:
            self._ended.append(error)
            raise

    def has_ended(self, error: BaseException) -> bool:
        """Whether an error is what ``stop`` raised."""
        return any(error is one for one in self._ended)

    def check_areas(self, boxes: Sequence[Box]) -> None:
        """Refuse areas that are too many, or too large together, before any is cut out.

        Args:
            boxes: What each of them fills at most, px.

        Raises:
            SumError: They are.
        """
        if len(boxes) > MOST_AREAS and self.max_megapixels < math.inf:
            raise SumError(
                f"the model found {len(boxes)} areas: at most {MOST_AREAS} are cut out. {_ADVICE}"
            )
        pixels = sum(box.width * box.height for box in boxes)
        what = f"{len(boxes)} areas that the model found"
        check_sum(what, pixels, self.max_megapixels, "cut out", _ADVICE)

    def check_things(self, count: int) -> None:
        """Refuse things that are too many: a model that is clicked at is asked for each of them.

        Args:
            count: How many there are.

        Raises:
            SumError: They are.
        """
        if count > MOST_CUT_OUT and self.max_megapixels < math.inf:
            raise SumError(
                f"there are {count} things to be cut out: a model that is clicked at is asked for "
                f"at most {MOST_CUT_OUT}. {_ADVICE}"
            )

    def check_boxes(self, boxes: Sequence[Box]) -> None:
        """Refuse boxes that are too many, or too large together: what is in one fills most of it.

        Args:
            boxes: What is around each thing that is to be cut out, px.

        Raises:
            SumError: They are.
        """
        self.check_things(len(boxes))
        pixels = sum(box.width * box.height for box in boxes)
        advice = "Fewer boxes, or smaller ones, have less"
        check_sum(f"{len(boxes)} boxes", pixels, self.max_megapixels, "looked at", advice)

    def check_points(self, things: int, points: int) -> None:
        """Refuse so many points that a model would be asked too often.

        Args:
            things: How many things are to be cut out.
            points: How many points there are for all of them, those that lie in several boxes
                once for each.

        Raises:
            SumError: It would.
        """
        if points > MOST_POINTS and self.max_megapixels < math.inf:
            raise SumError(
                f"there are {points} points for {things} things, those in several boxes once for "
                f"each: at most {MOST_POINTS} are looked at. Fewer boxes over each other have fewer"
            )

    def check_outlined(self, boxes: Sequence[Box]) -> None:
        """Refuse boxes in which it would take too long to tell things from their ground.

        Args:
            boxes: Each with what is around it, px.

        Raises:
            SumError: It would.
        """
        if len(boxes) > MOST_OUTLINED and self.max_megapixels < math.inf:
            raise SumError(
                f"the model found {len(boxes)} boxes: in at most {MOST_OUTLINED} the thing is told "
                f"from its ground. {_ADVICE}"
            )
        self.check_areas(boxes)

    def check_words(self, words: int, shown_px: int) -> None:
        """Refuse words for each of which a model would look at the picture anew, too often.

        Args:
            words: How many there are.
            shown_px: Pixels of what it is shown.

        Raises:
            SumError: It would.
        """
        megapixels = words * shown_px / 1e6
        most = min(self.max_megapixels, MOST_WORDS_MEGAPIXELS)
        if self.max_megapixels < math.inf and megapixels > most:
            raise SumError(
                f"for {words} words the model would look at {rounded_up(megapixels)} "
                f"megapixels: at most {allowed(most)} are looked at. "
                "Fewer words take fewer"
            )

    def check_edges(self, parts: int, shown_px: int) -> None:
        """Refuse edges along which a model would look for minutes.

        Args:
            parts: In how many parts it would look at them.
            shown_px: Pixels of all of them.

        Raises:
            SumError: It would.
        """
        megapixels, most = shown_px / 1e6, min(self.max_megapixels, MOST_EDGE_MEGAPIXELS)
        if self.max_megapixels < math.inf and megapixels > most:
            many = "1 part" if parts == 1 else f"{parts} parts"
            raise SumError(
                f"the edges lie in {many} of the photo with {rounded_up(megapixels)} "
                f"megapixels: at most {allowed(most)} are softened by a model. Fewer "
                "areas, a smaller reach and a smaller photo have less"
            )

    @contextmanager
    def alone(self, lock: Lock) -> Iterator[None]:
        """Hold a lock, for which nobody waits longer than is still wanted."""
        while not lock.acquire(timeout=_WAIT_SECONDS):
            self.go_on()
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def within(self, model: Any) -> Iterator[None]:
        """Have a model's forward end between two of its layers once it is no longer wanted.

        Args:
            model: A ``torch.nn.Module`` that nobody else uses meanwhile; what is another kind of
                thing is not ended by this.
        """
        if self.stop is _never or not hasattr(model, "modules"):
            yield
            return
        hooks = [
            part.register_forward_pre_hook(lambda *_: self.go_on()) for part in model.modules()
        ]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()


UNLIMITED: Final = Effort()
