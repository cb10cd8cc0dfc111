"""What a session leaves behind, removed a while after its page was closed.

A closed page and a phone that changed to another app look the same from here, so one that comes
back within that time finds everything as it was.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Timer

_CLOSING_ITSELF = timedelta(seconds=2)  # telling that the page was closed counts as a use of it


class Farewells:
    """Removes sessions that have left and did not come back.

    Args:
        seconds: How long one may stay away.
        last_used: When a session was last used; None where nothing is known of it.
        remove: Removes all that a session has.
    """

    def __init__(
        self,
        seconds: float,
        last_used: Callable[[str], datetime | None],
        remove: Callable[[str], None],
    ) -> None:
        self._seconds = seconds
        self._last_used = last_used
        self._remove = remove

    def leave(self, session: str) -> None:
        """The session's page was closed, or cannot be reached for a moment."""
        now = datetime.now()  # noqa: DTZ005  as Gradio notes its times, without a zone
        timer = Timer(self._seconds, self._remove_unless_back, (session, now))
        timer.daemon = True
        timer.start()

    def _remove_unless_back(self, session: str, left_at: datetime) -> None:
        used_at = self._last_used(session)
        if used_at is None or used_at < left_at + _CLOSING_ITSELF:
            self._remove(session)
