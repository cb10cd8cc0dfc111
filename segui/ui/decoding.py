"""Who decodes what visitors give: a process of its own, where the system has what that takes."""

import logging
from dataclasses import dataclass, replace
from threading import Thread

from segui.images.apart.decoder import SeparateDecoder, can_decode_apart
from segui.images.limits import Decoder, ReadLimits
from segui.settings import Settings

_LOG = logging.getLogger("segui")


@dataclass(frozen=True)
class ServerSettings(Settings):
    """The settings of a server, and what it has by them.

    Args:
        decoder: Who decodes; None does it in the server's own process.
    """

    decoder: Decoder | None = None

    @property
    def read_limits(self) -> ReadLimits:
        """What the decode of a picture may take, beside its size, and who does it."""
        return replace(super().read_limits, decoder=self.decoder)


def with_decoder(settings: Settings) -> ServerSettings:
    """The settings with who decodes; where it cannot be done apart, the log says so.

    Args:
        settings: Whether it should be, and how long it may take.
    """
    decoder = None
    if settings.safe_decoding and can_decode_apart():
        decoder = SeparateDecoder(seconds=settings.decode_seconds)
        # beside what else a server starts with: the first picture need not wait for it then
        Thread(target=decoder.begin, name="segui-decoder", daemon=True).start()
    elif settings.safe_decoding:
        _LOG.warning(
            "pictures are decoded in the server's own process: apart from it only on Linux"
        )
    return ServerSettings(**vars(settings), decoder=decoder)
