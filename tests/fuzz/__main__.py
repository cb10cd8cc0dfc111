"""Try targets for some time: ``python -m tests.fuzz masks --seconds 60 --seed 7``.

What fails is kept as a file, with the seed and the number that make it again.
"""

import argparse
import secrets
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.fuzz.targets import TARGETS, Target

SLOW_SECONDS = 10.0  # of a processor, for one input of a few thousand bytes


def inputs(target: Target, name: str, seed: int) -> Iterator[bytes]:
    """What a seed draws, each input by itself."""
    number = 0
    while True:
        yield target.draw(Random(f"{seed} {name} {number}"))  # noqa: S311  no secret
        number += 1


def fault_of(target: Target, data: bytes) -> str:
    """What is wrong with how an input is taken; empty where nothing is."""
    start = time.process_time()
    try:
        target.check(data)
    except Exception:  # noqa: BLE001  it is told
        return traceback.format_exc()
    took = time.process_time() - start
    return f"it took {took:.1f} s\n" if took > SLOW_SECONDS else ""


def run(name: str, seconds: float, seed: int, kept: Path) -> bool:
    """Try one target; whether nothing was found."""
    with tempfile.TemporaryDirectory() as folder:
        target = TARGETS[name](Path(folder))
        end = time.monotonic() + seconds
        for number, data in enumerate(inputs(target, name, seed)):
            fault = fault_of(target, data)
            if fault:
                kept.mkdir(parents=True, exist_ok=True)
                file = kept / f"{name}-{seed}-{number}"
                file.write_bytes(data)
                print(f"{name}: input {number} of seed {seed}, kept as {file}:\n{fault}")
                return False
            if time.monotonic() > end:
                print(f"{name}: {number + 1} inputs of seed {seed}, none of them a fault")
                return True
    raise AssertionError("inputs never end")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("targets", nargs="*", choices=[[], *TARGETS], help="all without any")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each target")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--kept", type=Path, default=Path("fuzz-found"), help="for what fails")
    said = parser.parse_args()
    found = [run(name, said.seconds, said.seed, said.kept) for name in said.targets or [*TARGETS]]
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main())
