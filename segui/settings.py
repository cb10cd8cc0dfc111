"""Every limit and switch, read once from environment variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from segui.errors import InputError
from segui.images.limits import Reading, ReadLimits
from segui.options import default_of, option_values


@dataclass(frozen=True)
class Settings:
    """The limits and switches of one running app.

    Args:
        max_megapixels: Largest photo or mask that is opened, in millions of pixels; read from
            the file's header before anything is decoded.
        max_file_mb: Largest upload, in MB.
        max_body_mb: Largest body of a request that is no upload, in MB; a painted mask within one
            has a limit of its own.
        allowed_hosts: Names by which the server may be asked beside its own, such as a proxy's;
            ``*.example.org`` is every name below that. Pages of those names may send to it too.
        max_masks: Most mask files for one picture.
        max_segments: Most segments of one picture.
        max_regions: Most regions of a picture's masks, those included that are too small to be a
            segment or are combined to one: each is outlined.
        max_crop_megapixels: Most megapixels of all areas' crop regions together, grown as they are:
            what is looked at, where areas that span the photo count each as much as the photo. As
            many are pasted at most, soft edges included, and four times as many are merged.
        max_mask_megapixels: Most megapixels of all mask files of a picture, each of which has at
            least as many as the photo; those of label maps count four times.
        max_upload_mb: Most MB of all files of one upload; one file may have ``max_file_mb``.
        client_upload_mb: Most MB that one client uploads within ``cache_seconds``: as long as an
            upload is kept.
        max_disk_mb: Most MB of the files of all sessions, uploads included, that there may be for
            one more upload to be taken.
        max_text_mb: Largest file of text beside masks, in MB: annotations, names of labels.
        shrink: Whether pictures of up to four times ``max_megapixels`` are opened smaller without
            being asked; where it is off, that is offered.
        rare_formats: Whether formats are read that hardly anyone uses.
        max_scan_megapixels: Most scans of a JPEG times its megapixels, counted before its decode.
        models_dir: Folder below which local classifiers may lie; None allows no local folder.
        classifier: The catalogue's name of the classifier that a visitor's own photo starts with;
            examples keep theirs. Whether there is such a one is checked where the page is built.
        device: Where classifiers and pastes run: ``auto``, ``gpu`` or ``cpu``.
        queue_size: Most requests that wait at once.
        client_queue: Most calls of one client that wait or are worked on at once.
        client_requests: Most requests that are taken from one client within a minute.
        client_connections: Most connections, and most requests, that one client has open at once;
            fewer where the process may have few files open.
        proxies: Addresses of the proxies before the server: who a client is, they say, and by
            which name it asked. ``*`` is every address, as on a Space, which nobody reaches but
            through its proxy.
        cache_seconds: How long the server keeps an upload, of which each session has its own copy,
            and a file that it wrote for a browser.
        leave_seconds: How long a session's pictures are kept after its page was closed, or could
            not be reached for a moment.
        sessions_mb: Most memory for what all sessions hold, in MB; the longest unused ones let
            theirs go first, and it is made again when they are looked at.
        mcp: Whether the endpoints are served as tools for language models too.
        max_model_mb: Largest model that is fetched from the hub, in MB; read from what the hub
            lists before anything is fetched.
        allowed_models: Patterns such as ``google/*`` that the id of every repo has to fit, the
            catalogue's included; with none, every repo is allowed. What lies below ``models_dir``
            always is.
        manual_models: Whether models outside the catalogue may be named. On a Space that is only
            so when ``SEGUI_ALLOWED_MODELS`` or ``SEGUI_MANUAL_MODELS`` says it: anyone can ask
            there, and all share one disk.
        safe_decoding: Whether the server decodes pictures in processes that can do nothing else,
            where the system has what that takes; a library decodes in its own.
        decode_seconds: Most seconds of a processor that one of them has for a picture; three times
            as many by the clock.
        count_finds: Whether the page says of ways to find that take a moment how many areas they
            would find, before they are asked for. Nowhere where a GPU is lent.
    """

    max_megapixels: float = 50.0
    max_file_mb: int = 100
    max_masks: int = 256
    max_segments: int = 5000
    models_dir: Path | None = None
    classifier: str = default_of("classifier")
    device: str = default_of("device")
    queue_size: int = 32
    cache_seconds: int = 600
    leave_seconds: int = 600
    sessions_mb: int = 4000
    mcp: bool = False
    max_model_mb: int = 2000
    allowed_models: tuple[str, ...] = ()
    manual_models: bool = True
    max_body_mb: float = 1.0
    allowed_hosts: tuple[str, ...] = ()
    max_regions: int = 200_000
    max_scan_megapixels: float = ReadLimits.max_scan_megapixels
    rare_formats: bool = ReadLimits.rare_formats
    client_queue: int = 8
    client_requests: int = 3000
    proxies: tuple[str, ...] = ()
    safe_decoding: bool = True
    max_text_mb: float = ReadLimits.max_text_mb
    decode_seconds: int = 20
    max_crop_megapixels: float = 1000.0
    max_mask_megapixels: float = ReadLimits.max_mask_megapixels
    max_upload_mb: float = 400.0
    client_upload_mb: float = 4000.0
    max_disk_mb: float = 20_000.0
    shrink: bool = False
    count_finds: bool = True
    client_connections: int = 2500

    def with_shrink(self, is_asked: bool) -> Self:
        """The same, for pictures that somebody wants opened smaller where they are too large.

        Args:
            is_asked: Whether it is wanted.
        """
        return replace(self, shrink=True) if is_asked else self

    @property
    def read_limits(self) -> ReadLimits:
        """What the decode of a picture may take, beside its size."""
        return ReadLimits(
            self.max_scan_megapixels,
            self.rare_formats,
            max_text_mb=self.max_text_mb,
            max_mask_megapixels=self.max_mask_megapixels,
            shrink="average" if self.shrink else "",
        )

    @property
    def reading(self) -> Reading:
        """How a picture's file is read: as large as allowed, within the limits of its decode."""
        return {"max_megapixels": self.max_megapixels, "limits": self.read_limits}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read ``SEGUI_MAX_MEGAPIXELS``, ``SEGUI_DEVICE`` and the other fields' variables.

        Raises:
            InputError: A variable's text is not what its field takes.
        """
        default = cls()
        models_dir = environment.get("SEGUI_MODELS_DIR", "").strip()
        allowed = _several(environment, "SEGUI_ALLOWED_MODELS")
        on_space = bool(environment.get("SPACE_ID", "").strip())
        return cls(
            max_megapixels=_number(environment, "SEGUI_MAX_MEGAPIXELS", default.max_megapixels),
            max_file_mb=_whole(environment, "SEGUI_MAX_FILE_MB", default.max_file_mb),
            max_body_mb=_number(environment, "SEGUI_MAX_BODY_MB", default.max_body_mb),
            max_masks=_whole(environment, "SEGUI_MAX_MASKS", default.max_masks),
            max_segments=_whole(environment, "SEGUI_MAX_SEGMENTS", default.max_segments),
            max_regions=_whole(environment, "SEGUI_MAX_REGIONS", default.max_regions),
            max_crop_megapixels=_number(
                environment, "SEGUI_MAX_CROP_MEGAPIXELS", default.max_crop_megapixels
            ),
            max_scan_megapixels=_number(
                environment, "SEGUI_MAX_SCAN_MEGAPIXELS", default.max_scan_megapixels
            ),
            max_mask_megapixels=_number(
                environment, "SEGUI_MAX_MASK_MEGAPIXELS", default.max_mask_megapixels
            ),
            max_upload_mb=_number(environment, "SEGUI_MAX_UPLOAD_MB", default.max_upload_mb),
            max_disk_mb=_number(environment, "SEGUI_MAX_DISK_MB", default.max_disk_mb),
            client_upload_mb=_number(
                environment, "SEGUI_CLIENT_UPLOAD_MB", default.client_upload_mb
            ),
            max_text_mb=_number(environment, "SEGUI_MAX_TEXT_MB", default.max_text_mb),
            shrink=_flag(environment, "SEGUI_SHRINK", default=default.shrink),
            rare_formats=_flag(environment, "SEGUI_RARE_FORMATS", default=default.rare_formats),
            models_dir=Path(models_dir) if models_dir else None,
            classifier=environment.get("SEGUI_CLASSIFIER", "").strip() or default.classifier,
            device=_choice(environment, "SEGUI_DEVICE", option_values("device"), default.device),
            queue_size=_whole(environment, "SEGUI_QUEUE_SIZE", default.queue_size),
            client_queue=_whole(environment, "SEGUI_CLIENT_QUEUE", default.client_queue),
            client_requests=_whole(environment, "SEGUI_CLIENT_REQUESTS", default.client_requests),
            client_connections=_whole(
                environment, "SEGUI_CLIENT_CONNECTIONS", default.client_connections
            ),
            proxies=_several(environment, "SEGUI_PROXIES") or (("*",) if on_space else ()),
            cache_seconds=_whole(environment, "SEGUI_CACHE_SECONDS", default.cache_seconds),
            leave_seconds=_whole(environment, "SEGUI_LEAVE_SECONDS", default.leave_seconds),
            sessions_mb=_whole(environment, "SEGUI_SESSIONS_MB", default.sessions_mb),
            mcp=_flag(environment, "SEGUI_MCP", default=default.mcp),
            max_model_mb=_whole(environment, "SEGUI_MAX_MODEL_MB", default.max_model_mb),
            allowed_models=allowed,
            allowed_hosts=_several(environment, "SEGUI_ALLOWED_HOSTS"),
            manual_models=_flag(
                environment, "SEGUI_MANUAL_MODELS", default=bool(allowed) or not on_space
            ),
            safe_decoding=_flag(environment, "SEGUI_SAFE_DECODING", default=default.safe_decoding),
            decode_seconds=_whole(environment, "SEGUI_DECODE_SECONDS", default.decode_seconds),
            count_finds=_flag(environment, "SEGUI_COUNT_FINDS", default=default.count_finds),
        )


def _several(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(environment.get(name, "").replace(",", " ").split())


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError as error:
        raise InputError(f"{name} is {text!r}: expected a number above 0") from error
    if not 0 < value < float("inf"):
        raise InputError(f"{name} is {text!r}: expected a number above 0")
    return value


def _whole(environment: Mapping[str, str], name: str, default: int) -> int:
    value = _number(environment, name, default)
    if value != int(value):
        raise InputError(f"{name} is {environment[name]!r}: expected a whole number above 0")
    return int(value)


def _choice(
    environment: Mapping[str, str], name: str, choices: tuple[str, ...], default: str
) -> str:
    text = environment.get(name, "").strip().lower()
    if text and text not in choices:
        raise InputError(f"{name} is {text!r}: expected one of {', '.join(choices)}")
    return text or default


def _flag(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environment.get(name, "").strip()
    values = {"": default, "1": True, "true": True, "0": False, "false": False}
    if text.lower() not in values:
        raise InputError(f"{name} is {text!r}: expected 1, 0, true or false")
    return values[text.lower()]
