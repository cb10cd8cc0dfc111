"""What each event of the page does: it becomes commands for the visitor's session.

``clicks.py`` has what becomes commands by its data alone, ``controls.py`` what the controls and the
frame say, ``given.py`` and ``uploads.py`` files, ``opening.py`` the page as a whole, ``taking.py``
what is made to be taken away. ``talk.py`` is how an event is heard and answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from segui.session.examples import Examples
from segui.session.folders import Folders
from segui.settings import Settings
from segui.ui.bridge import Bridge
from segui.ui.handlers.controls import Controls
from segui.ui.handlers.given import Given
from segui.ui.handlers.opening import Opening
from segui.ui.handlers.taking import Taking
from segui.ui.handlers.talk import Talk
from segui.ui.handlers.uploads import Uploads


@dataclass(frozen=True)
class Handlers:
    """The handlers of one page.

    Args:
        talk: Of clicks, and of controls that have changed.
        controls: Of the controls and the frame that do more than that.
        given: Of files.
        opening: Of the page, opened and closed, and of its examples.
        taking: Of what is taken away.
    """

    talk: Talk
    controls: Controls
    given: Given
    opening: Opening
    taking: Taking

    @classmethod
    def of(
        cls,
        bridge: Bridge,
        settings: Settings,
        folders: Folders,
        examples: Examples,
        defaults: Mapping[str, Any],
    ) -> "Handlers":
        """Those of a page.

        Args:
            bridge: Finds pages and follows their sessions.
            settings: Limits, and where pastes are computed.
            folders: Where sessions' files are kept.
            examples: The ready scenes.
            defaults: What every option is at first.
        """
        talk, uploads = Talk(bridge), Uploads(folders, settings, bridge.sessions)
        return cls(
            talk,
            Controls(talk, uploads, settings.device),
            Given(talk, uploads),
            Opening(talk, uploads, examples, defaults),
            Taking(bridge, folders, settings.max_file_mb),
        )
