"""EXIF as cameras write it, byte by byte: with places, thumbnails and numbers of their own."""

import struct

ASCII, SHORT, LONG, RATIONAL, UNDEFINED, SRATIONAL = 2, 3, 4, 5, 7, 10
THUMBNAIL = b"\xff\xd8thumbnail\xff\xd9"
# what must not be passed on, each a text that is looked for in the file
SECRETS = (b"thumbnail", b"NIKON\0\2", b"Jane's phone", b"SN0012345", b"LENS998", b"unique4711",
           b"My daughter", b"WGS-84", b"caption", b"Editor 7", b"Jane's laptop")  # fmt: skip
CAMERA = {0x010F: "Nikon", 0x0110: "D850", 0x0132: "2024:05:06 07:08:09", 0x013B: "Jane Doe",
          0x8298: "(c) Jane Doe"}  # fmt: skip
EXPOSURE = {0x829A: (1, 250), 0x829D: (28, 10), 0x920A: (85, 1), 0x9204: (-1, 3)}


def packed(order: str, kind: int, value: object) -> tuple[int, bytes]:
    """A value's count and its bytes."""
    if isinstance(value, str):
        data = value.encode() + b"\0"
        return len(data), data
    if isinstance(value, bytes):
        return len(value), value
    numbers = value if isinstance(value, tuple) else (value,)
    sign = {SHORT: "H", LONG: "I", RATIONAL: "I", SRATIONAL: "i"}[kind]
    data = struct.pack(f"{order}{len(numbers)}{sign}", *numbers)
    return len(numbers) // (2 if kind in (RATIONAL, SRATIONAL) else 1), data


def directory(order: str, at: int, rows: list[tuple[int, int, object]], following: int = 0):
    """A directory at a place of its block, with its values behind it."""
    entries, values = b"", b""
    for tag, kind, value in rows:
        count, data = packed(order, kind, value)
        entries += struct.pack(order + "HHI", tag, kind, count)
        if len(data) <= 4:
            entries += data.ljust(4, b"\0")
        else:
            entries += struct.pack(order + "I", at + 6 + 12 * len(rows) + len(values))
            values += data
    return (
        struct.pack(order + "H", len(rows)) + entries + struct.pack(order + "I", following) + values
    )


def exif_of_a_camera(order: str = ">", orientation: int = 1) -> bytes:
    """A block with all that a camera and a phone note, without a prefix."""
    second = [
        *((tag, SRATIONAL if tag == 0x9204 else RATIONAL, one) for tag, one in EXPOSURE.items()),
        (0x8827, SHORT, 400),
        (0x9000, UNDEFINED, b"0232"),
        (0x9003, ASCII, "2024:05:06 07:08:09"),
        (0x927C, UNDEFINED, b"NIKON\0\2 numbers of its own"),
        (0x9286, UNDEFINED, b"ASCII\0\0\0My daughter"),
        (0xA420, ASCII, "unique4711"),
        (0xA430, ASCII, "Jane's phone"),
        (0xA431, ASCII, "SN0012345"),
        (0xA434, ASCII, "85mm f/1.8"),
        (0xA435, ASCII, "LENS998"),
        (0xA432, RATIONAL, (85, 1, 85, 1, 18, 10, 18, 10)),
    ]  # fmt: skip
    gps = [(1, ASCII, "N"), (2, RATIONAL, (48, 1, 8, 1, 14, 1)), (0x12, ASCII, "WGS-84")]

    def first(second_at: int, gps_at: int, third_at: int) -> bytes:
        rows = [
            (0x010E, ASCII, "caption"),
            (0x0131, ASCII, "Editor 7"),
            (0x013C, ASCII, "Jane's laptop"),
            *((tag, ASCII, text) for tag, text in CAMERA.items() if tag < 0x8000),
            (0x0112, SHORT, orientation),
            (0x8298, ASCII, CAMERA[0x8298]),
            (0x8769, LONG, second_at),
            (0x8825, LONG, gps_at),
        ]
        return directory(order, 8, rows, third_at)

    second_at = 8 + len(first(0, 0, 0))
    gps_at = second_at + len(directory(order, second_at, second))
    third_at = gps_at + len(directory(order, gps_at, gps))
    rows = [(0x0103, SHORT, 6), (0x0201, LONG, 0), (0x0202, LONG, len(THUMBNAIL))]
    picture_at = third_at + len(directory(order, third_at, rows))
    rows[1] = (0x0201, LONG, picture_at)
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    return b"".join(
        (
            head,
            first(second_at, gps_at, third_at),
            directory(order, second_at, second),
            directory(order, gps_at, gps),
            directory(order, third_at, rows),
            THUMBNAIL,
        )
    )
