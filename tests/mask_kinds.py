"""Kinds of mask files that are easily misread, drawn for the page's tests and the endpoints'."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from skimage.data import astronaut

SIDE = 512
HEIGHT = 340  # of the photo: 512 x 340
Draw = Callable[[Path], None]


def draw_photo(path: Path) -> None:
    """A photo with a disc where the masks have theirs."""
    photo = astronaut()[:HEIGHT].copy()
    photo[disc(60) > 0] = (250, 20, 20)
    save(path, photo)


def disc(radius: int, x: int = 300, y: int = 150) -> np.ndarray:
    return cv2.circle(np.zeros((HEIGHT, SIDE), np.uint8), (x, y), radius, 255, -1)


def save(path: Path, pixels: np.ndarray, **how: object) -> None:
    Image.fromarray(pixels.astype(np.uint8)).save(path, **how)


def faint(path: Path) -> None:
    brush = cv2.GaussianBlur(disc(70), (0, 0), 6) * 0.08
    save(path, np.rint(brush))


def video(path: Path) -> None:
    save(path, 16 + cv2.GaussianBlur(disc(60), (0, 0), 1) / 255 * 219)


def framed(path: Path) -> None:
    mask = disc(60)
    mask[:2], mask[-2:], mask[:, :2], mask[:, -2:] = 255, 255, 255, 255
    save(path, mask)


def lossy_black(path: Path) -> None:
    colours = np.zeros((HEIGHT, SIDE, 3), np.uint8)
    colours[disc(60) > 0], colours[disc(40, 100, 100) > 0] = (255, 40, 20), (30, 60, 240)
    save(path, colours, quality=85)


def premultiplied(path: Path) -> None:
    alpha = cv2.GaussianBlur(disc(60), (0, 0), 3)
    colour = np.array([1.0, 0.2, 0.1]) * alpha[..., None]
    save(path, np.dstack([colour, alpha]))


def voc(path: Path) -> None:
    objects = "".join(
        f"<object><name>{name}</name><bndbox><xmin>{x}</xmin><ymin>50</ymin><xmax>{x + 90}</xmax>"
        "<ymax>200</ymax></bndbox></object>"
        for name, x in (("cat", 40), ("dog", 240))
    )
    size = f"<size><width>{SIDE}</width><height>{HEIGHT}</height><depth>3</depth></size>"
    path.write_text(f"<annotation><filename>photo.png</filename>{size}{objects}</annotation>")


def cvat(path: Path) -> None:
    path.write_text(
        f'<annotations><image id="0" name="photo.png" width="{SIDE}" height="{HEIGHT}">'
        '<polygon label="sign" points="240,90;360,90;360,210;240,210"/></image></annotations>'
    )


def padded(path: Path) -> None:
    square = np.zeros((SIDE, SIDE), np.uint8)
    top = (SIDE - HEIGHT) // 2
    square[top : top + HEIGHT] = disc(60)
    save(path, square)


def old_bitmap(path: Path) -> None:
    image = Image.fromarray(np.where(disc(60) > 0, 1, 0).astype(np.uint8), "P")
    image.putpalette([0, 0, 0, 255, 255, 255])
    image.save(path)


# how each is made, its name, what is said of it, how many areas there are, and the first one's box:
# x, y, width and height of its outline
KINDS: dict[str, tuple[Draw, str, str, int, tuple[int, int, int, int]]] = {
    "faint brush": (faint, "m.png", "read as a soft mask", 1, (230, 80, 141, 141)),
    "video's range": (video, "m.png", "its black is 16 and its white 235", 1, (237, 87, 127, 127)),
    "drawn frame": (framed, "m.png", "is a frame and was cut", 1, (240, 90, 121, 121)),
    "lossy black": (lossy_black, "m.jpg", "read as labels: 2 of them", 2, (60, 60, 81, 81)),
    "premultiplied": (premultiplied, "m.png", "read from transparency", 1, (237, 87, 127, 127)),
    "VOC": (voc, "m.xml", "VOC", 2, (40, 50, 90, 150)),
    "CVAT": (cvat, "m.xml", "CVAT", 1, (240, 90, 120, 120)),
    "padded": (padded, "m.png", "the photo is the 512 x 340 in the middle", 1, (240, 90, 121, 121)),
    "two colours": (old_bitmap, "m.bmp", "its palette is black and white", 1, (240, 90, 121, 121)),
}
