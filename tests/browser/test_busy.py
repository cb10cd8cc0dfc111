import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.busy import busy
from tests.processes import ends, is_alive, on_linux


def computed_s(pid: int) -> float:
    """The processor's time that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.process
@on_linux
def test_as_many_processes_compute_as_are_asked_for_until_the_block_ends() -> None:
    with busy(3) as pids:
        assert len(set(pids)) == 3
        before = [computed_s(pid) for pid in pids]
        while any(computed_s(pid) < one + 0.1 for pid, one in zip(pids, before, strict=True)):
            assert all(is_alive(pid) for pid in pids)
    assert not any(is_alive(pid) for pid in pids)


@on_linux
def test_they_end_by_themselves_when_their_time_is_over() -> None:
    with busy(1, seconds=0.1) as pids:
        assert ends(pids[0])


@pytest.mark.process
def test_a_command_runs_beside_them_and_says_how_it_ended() -> None:
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    done = subprocess.run([sys.executable, "-m", "tests.browser.busy", *command], check=False)
    assert done.returncode == 3
