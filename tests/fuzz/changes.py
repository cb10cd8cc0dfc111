"""Bytes and texts that are almost what they should be."""

from collections.abc import Callable, Sequence
from random import Random

MOST_CHANGES = 6
NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF)
ODD = ("\0", "\n", "\u202e", "<img src=x onerror=alert(1)>", "'", '"', "&", "../", "\\", "\ud800",
       "é", "e\u0301", "\U0001f600", "%s", "{}", "=1+1", "NaN", "1e999", "-0",
       "9" * 400)  # fmt: skip


def changed(data: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """A file of which something is another than it was.

    Args:
        data: The file.
        others: Of which parts may come.
        chance: Chooses.
    """
    for _ in range(chance.randint(1, MOST_CHANGES)):
        if not data:
            return data
        data = chance.choice(CHANGES)(data, others, chance)
    return data


def _flip(data: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def _number(data: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    """A length, a count or a size that is none."""
    size = chance.choice((1, 2, 4))
    number = chance.choice(NUMBERS) & (256**size - 1)
    written = number.to_bytes(size, chance.choice(("little", "big")))
    # headers stand at the beginning, and at the end of some
    near = chance.choice((64, len(data)))
    at = chance.randrange(min(near, len(data)))
    return data[:at] + written + data[at + size :]


def _cut(data: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _leave_out(data: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    first, last = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:first] + data[last:]


def _repeat(data: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    first = chance.randrange(len(data))
    part = data[first : first + chance.choice((1, 12, 100, 1000))]
    return data[:first] + part * chance.choice((2, 3, 50)) + data[first:]


def _splice(data: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    other = chance.choice(others)
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other) + 1) :]


Change = Callable[[bytes, Sequence[bytes], Random], bytes]
CHANGES: tuple[Change, ...] = (_flip, _flip, _number, _number, _cut, _leave_out, _repeat, _splice)


def odd_text(words: Sequence[str], chance: Random, most: int = 14) -> str:
    """Words and what nobody expects, in any order."""
    pieces = []
    for _ in range(chance.randint(0, most)):
        kind = chance.random()
        if kind < 0.75:
            pieces.append(chance.choice(words))
        elif kind < 0.9:
            pieces.append(chance.choice(ODD))
        else:
            pieces.append(chr(chance.randrange(0x11_0000)))
    return chance.choice(("", " ")).join(pieces)


def odd_json(value: object, words: Sequence[str], chance: Random) -> object:
    """JSON of which some values, or names, are others."""
    if chance.random() < 0.04:
        return _odd_value(words, chance)
    if isinstance(value, dict):
        items = [
            (odd_text(words, chance, 3) if chance.random() < 0.03 else name, one)
            for name, one in value.items()
            if chance.random() > 0.03
        ]
        return {name: odd_json(one, words, chance) for name, one in items}
    if isinstance(value, list):
        times = 1000 if chance.random() < 0.01 else 1
        return [odd_json(one, words, chance) for one in value] * times
    return value


def _odd_value(words: Sequence[str], chance: Random) -> object:
    deep: object = 0
    for _ in range(chance.choice((1, 50, 400))):
        deep = [deep]
    numbers = (0, -1, 0.5, 10**30, -(10**400), float("inf"), float("nan"))
    return chance.choice(
        (None, True, chance.choice(numbers), odd_text(words, chance, 5), [], {}, deep, {"a": deep})
    )
