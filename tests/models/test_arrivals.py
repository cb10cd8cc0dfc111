import threading
import time
from types import SimpleNamespace

import pytest

from segui.models.arrivals import Arrivals, StoppedError, watched

PATIENCE = 30


def allow(_: int) -> None:
    """Any size will do."""


@pytest.fixture
def arrivals() -> Arrivals:
    return Arrivals(allow)


def test_the_bytes_of_whole_files_and_of_the_one_that_comes_are_added(arrivals: Arrivals) -> None:
    arrivals.begin(0, 10)
    arrivals.add(4)
    assert arrivals.so_far == 4
    arrivals.finish(10)
    arrivals.begin(3, 20)  # taken up where it broke
    arrivals.add(5)
    assert arrivals.so_far == 18
    arrivals.add(-5)  # begun anew
    assert arrivals.so_far == 13


def test_the_check_hears_of_a_length_as_soon_as_it_is_stated() -> None:
    heard: list[int] = []
    arrivals = Arrivals(heard.append)
    arrivals.finish(7)
    arrivals.begin(2, 100)
    arrivals.add(1)
    arrivals.begin(2, None)
    assert heard == [7, 107, 10, 9]


@pytest.mark.parametrize(
    "step",
    [
        lambda arrivals: arrivals.begin(0, 1),
        lambda arrivals: arrivals.add(1),
        lambda arrivals: arrivals.finish(1),
        lambda arrivals: arrivals.bar_class(allow)(total=1),
    ],
)
def test_after_a_stop_every_step_ends_the_thread_that_fetches(step, arrivals: Arrivals) -> None:
    arrivals.stop()
    with pytest.raises(StoppedError):
        step(arrivals)


def test_a_bar_counts_what_a_plain_download_tells_it(arrivals: Arrivals) -> None:
    with arrivals.bar_class(allow)(total=10, initial=2, desc="a file", unit="B") as bar:
        bar.update(3)
        assert arrivals.so_far == 5


def test_a_bar_has_the_one_file_checked_before_it_counts(arrivals: Arrivals) -> None:
    class TooLargeError(Exception):
        pass

    def check(size: int) -> None:
        heard.append(size)
        if size > 12:
            raise TooLargeError

    heard: list[int] = []
    arrivals.finish(100)
    bar = arrivals.bar_class(check)(total=None, initial=2)
    bar.update(3)
    bar.update(-5)
    bar.update(12)
    with pytest.raises(TooLargeError):
        bar.update(1)
    with pytest.raises(TooLargeError):
        arrivals.bar_class(check)(total=13)
    assert heard == [2, 5, 0, 12, 13, 13]
    assert arrivals.so_far == 112


def test_a_bar_counts_what_reaches_the_disk_of_a_download_in_pieces(arrivals: Arrivals) -> None:
    # Not to be had from a hub of the tests' own: the pieces' server speaks another language.
    reporting = pytest.importorskip("huggingface_hub.utils._xet_progress_reporting")
    with reporting.XetDownloadProgressReporter(
        reconstruction_desc="a file", total=10, log_level=30, tqdm_class=arrivals.bar_class(allow)
    ) as reporter:
        for on_the_line, on_disk in ((4, 0), (8, 6), (8, 10)):
            reporter.update_progress(
                SimpleNamespace(
                    total_bytes=10,
                    total_bytes_completed=on_disk,
                    total_bytes_completion_rate=1.0,
                    total_transfer_bytes_completed=on_the_line,
                    total_transfer_bytes_completion_rate=1.0,
                )
            )
            assert arrivals.so_far == on_disk


def test_a_watched_job_gives_its_result_and_is_looked_after_here(arrivals: Arrivals) -> None:
    go, seen = threading.Event(), []

    def watch() -> None:
        seen.append(threading.current_thread())
        go.set()

    def job() -> threading.Thread:
        assert go.wait(PATIENCE)
        return threading.current_thread()

    assert watched(job, arrivals, watch) is not threading.current_thread()
    assert len(seen) >= 2
    assert set(seen) == {threading.current_thread()}


def test_what_a_watched_job_raises_is_raised_unchanged(arrivals: Arrivals) -> None:
    error = ValueError("no")

    def job() -> None:
        raise error

    with pytest.raises(ValueError, match="no") as caught:
        watched(job, arrivals, lambda: None)
    assert caught.value is error


@pytest.mark.long
def test_a_watch_that_raises_stops_the_job_and_waits_no_longer_than_it_must(
    arrivals: Arrivals,
) -> None:
    never, ended = threading.Event(), threading.Event()

    def job() -> None:
        never.wait(PATIENCE)
        try:
            arrivals.add(1)
        finally:
            ended.set()

    def watch() -> None:
        raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        watched(job, arrivals, watch)
    assert time.monotonic() - begun < PATIENCE / 2
    assert not ended.is_set()
    never.set()
    assert ended.wait(PATIENCE)
