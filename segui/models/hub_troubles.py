"""What can go wrong with the hub and the cache, each as a sentence."""

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from segui.errors import ClassifierError

_TOO_MANY_REQUESTS = 429


class OutOfReachError(ClassifierError):
    """A model that is not on this machine while the hub cannot be reached."""


@contextmanager
def with_what_is_here(names: Sequence[str]) -> Iterator[None]:
    """Have what cannot be fetched say what there is in its place.

    Args:
        names: What needs no download, by its names on the page and in calls.

    Raises:
        OutOfReachError: As it was raised inside, with these names.
    """
    try:
        yield
    except OutOfReachError as error:
        if not names:
            raise
        *first, last = names
        joined = f"{', '.join(first)} and {last} need" if first else f"{last} needs"
        raise OutOfReachError(f"{error}: {joined} no download") from error.__cause__


def refusal(error: Exception, repo_id: str, revision: str | None) -> ClassifierError | None:
    """The hub's own refusal as a sentence; None when the trouble is another."""
    from huggingface_hub import errors

    name = repr(repo_id)
    # The order matters: a gated repo is a kind of missing one.
    sentences: tuple[tuple[type[Exception], str], ...] = (
        (errors.GatedRepoError, _gated(repo_id)),
        (errors.DisabledRepoError, f"{name} was disabled on the hub"),
        (errors.RepositoryNotFoundError, f"there is no repo {name} on the hub, or it is private"),
        (errors.RevisionNotFoundError, f"{name} has no revision {revision!r}"),
        (errors.HFValidationError, f"{name} is not a repo id"),
    )
    for kind, sentence in sentences:
        if isinstance(error, kind):
            return ClassifierError(sentence)
    if _status(error) in {401, 403}:
        return ClassifierError(f"the hub does not give {name} to this machine: is its token right?")
    return None


def _gated(repo_id: str) -> str:
    """What to do about a repo whose owner says who may have it."""
    from huggingface_hub import get_token

    page = f"huggingface.co/{repo_id}"
    start = f"{repo_id!r} is gated: its owner asks for an agreement first"
    if get_token() is None:
        return f"{start}. Agree at {page}, then start this server with HF_TOKEN, your token"
    return f"{start}, and whose token this server has did not get in. Ask for it at {page}"


def no_answer(error: Exception, repo_id: str) -> ClassifierError:
    """The sentence for a repo that is not here, when the hub did not answer as it should."""
    return asked_too_often(error, repo_id) or OutOfReachError(
        f"{repo_id!r} is not on this machine and the hub cannot be reached"
    )


def asked_too_often(error: Exception, repo_id: str) -> ClassifierError | None:
    """The sentence for a hub that answers nobody here for a while; None when it is another."""
    if _status(error) != _TOO_MANY_REQUESTS:
        return None
    return ClassifierError(
        f"the hub does not give {repo_id!r} now: this machine has asked it too often. Try again in"
        " some minutes"
    )


def disk_trouble(error: Exception, repo_id: str) -> ClassifierError | None:
    """The sentence for a disk that is full or cannot be written; None when it is another."""
    number = error.errno if isinstance(error, OSError) else None
    if number in {errno.ENOSPC, errno.EDQUOT}:
        return ClassifierError(f"there is no room left on the disk for {repo_id!r}")
    if number in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return ClassifierError(f"{repo_id!r} cannot be kept here: the cache cannot be written")
    return None


def _status(error: Exception) -> int | None:
    """The number of the hub's answer; None when there was none."""
    from huggingface_hub import errors

    return error.response.status_code if isinstance(error, errors.HfHubHTTPError) else None
