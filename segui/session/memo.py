"""Results of stages by what they were made from: the latest few of each."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final

from segui.session.results import Failed, StageName

# two, so that going back is free; a result at full size is large, and soon made again
CAPACITIES: Final[Mapping[StageName, int]] = {
    "photo": 2,
    "small": 2,
    "scene": 2,
    "pictures": 2,
    "scores": 4,
    "selection": 2,
    "painted": 1,
    "count": 2,
}
Common = Callable[[StageName, Hashable], Any]


class Memo:
    """Keeps results. Not for threads: who has one takes care of that.

    Args:
        common: What is kept for everybody, as examples are; asked where nothing is kept here.
    """

    def __init__(self, common: Common | None = None) -> None:
        self._common = common
        self._kept: dict[StageName, OrderedDict[Hashable, Any]] = {
            stage: OrderedDict() for stage in CAPACITIES
        }
        self._wanted: set[tuple[StageName, Hashable]] = set()
        self.version = 0  # counts what was kept and let go

    def find(self, stage: StageName, key: Hashable) -> Any:
        """What is kept under a key, which is wanted from now on; None where nothing is."""
        self._wanted.add((stage, key))
        kept = self._kept[stage]
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
        return None if self._common is None else self._common(stage, key)

    def put(self, stage: StageName, key: Hashable, value: Any) -> None:
        """Keep a result."""
        self._kept[stage][key] = value
        self.version += 1

    def begin(self) -> None:
        """What was wanted so far is not wanted any more, unless it is found again."""
        self._wanted.clear()

    def trim(self) -> None:
        """Forget what is over the number, the longest unused first; never what is wanted."""
        for stage, kept in self._kept.items():
            for key in [key for key in kept if (stage, key) not in self._wanted]:
                if len(kept) <= CAPACITIES[stage]:
                    break
                del kept[key]
                self.version += 1

    def let_go(self) -> None:
        """Forget all that is large and can be made again; what a model said stays."""
        for stage, kept in self._kept.items():
            if stage != "scores":
                kept.clear()
        self._wanted.clear()
        self.version += 1

    def forget_passing(self) -> None:
        """What failed and may go well the next time is tried again."""
        for kept in self._kept.values():
            for key, value in list(kept.items()):
                if isinstance(value, Failed) and value.is_passing:
                    del kept[key]

    def values(self) -> list[Any]:
        """All that is kept here."""
        return [value for kept in self._kept.values() for value in kept.values()]
