"""Bodies that come in crumbs: each piece takes the same time of the loop, however small it is.

A body of 200,000 pieces of a byte is 1.2 MB as it comes, and five seconds in which nobody is
answered, in whatever way it says where its pieces end.
"""

from typing import Any, Final

import h11

LEAST_BYTES: Final = 256  # of a piece on the average; one may come in two halves
MOST_SMALL: Final = 2_000  # pieces, before that is asked


class Pieces(h11.Connection):
    """Reads requests as h11 does, and refuses bodies whose pieces are many and small."""

    are_too_small = False
    _count = 0
    _size = 0

    def next_event(self) -> Any:
        """The next of what came; see h11.

        Raises:
            h11.RemoteProtocolError: It is no HTTP, or comes in crumbs.
        """
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._count = self._size = 0
        elif isinstance(event, h11.Data):
            self._count += 1
            self._size += len(event.data)
            if self._count > MOST_SMALL and self._size < LEAST_BYTES * self._count:
                self.are_too_small = True
                raise h11.RemoteProtocolError(self.sentence)
        return event

    @property
    def sentence(self) -> str:
        """Why a body is not read on."""
        return (
            f"this body comes in {self._count} pieces of {self._size // self._count} bytes on the "
            f"average: more than {MOST_SMALL} have to have at least {LEAST_BYTES}"
        )
