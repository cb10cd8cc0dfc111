"""Round things on a table: where a ray of sight meets them, what shades them.

Space has x to the right, y up and z away from the eye; the table top is y = 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from drawing.canvas import SHEET_HEIGHT, SHEET_WIDTH, Floats, Window, as_floats, smoothstep

Distance = Callable[[Floats], Floats]  # (n, 3) places -> (n,) distance to a surface, inside < 0


@dataclass(frozen=True)
class Eye:
    """A camera.

    Args:
        place: Where it stands.
        target: What it looks at.
        zoom: Units of the sheet for a thing as far away as it is wide.
    """

    place: tuple[float, float, float]
    target: tuple[float, float, float]
    zoom: float

    def axes(self) -> tuple[Floats, Floats, Floats]:
        """Its right, up and forward, of length 1."""
        forward = as_floats(self.target) - as_floats(self.place)
        forward /= np.linalg.norm(forward)
        right = np.cross(np.array([0, 1, 0], np.float32), forward)
        right /= np.linalg.norm(right)
        return as_floats(right), as_floats(np.cross(forward, right)), as_floats(forward)

    def rays(self, window: Window) -> Floats:
        """Directions of sight, (h, w, 3), of length 1."""
        right, up, forward = self.axes()
        x = (window.x - SHEET_WIDTH / 2)[..., None] / self.zoom
        y = (SHEET_HEIGHT / 2 - window.y)[..., None] / self.zoom
        directions = forward + x * right + y * up
        return as_floats(directions / np.linalg.norm(directions, axis=-1, keepdims=True))

    def project(self, place: Sequence[float]) -> tuple[float, float, float]:
        """Where a place is on the sheet, and how many sheet units a unit of space is there."""
        right, up, forward = self.axes()
        away = as_floats(place) - as_floats(self.place)
        scale = float(self.zoom / (away @ forward))
        x, y = float(away @ right) * scale, float(away @ up) * scale
        return SHEET_WIDTH / 2 + x, SHEET_HEIGHT / 2 - y, scale


@dataclass(frozen=True)
class Ball:
    """A sphere that stands for a solid where shadows and reflections are concerned."""

    centre: tuple[float, float, float]
    radius: float


def march(
    distance: Distance, start: Floats, rays: Floats, near: float, far: float, pixel: float
) -> tuple[Floats, Floats]:
    """Follow rays to a surface.

    Args:
        distance: Of places to the surface.
        start: Where all rays begin, (3,).
        rays: Their directions, (n, 3).
        near: Where to begin along the rays.
        far: Where to give up.
        pixel: Width of a pixel at the surface.

    Returns:
        The places met, or passed closest, (n, 3), and how much of each pixel is covered, (n,).
    """
    along = np.full(len(rays), near, np.float32)
    closest = np.full(len(rays), np.inf, np.float32)
    best = along.copy()
    for _ in range(44):
        gap = distance(start + rays * along[:, None])
        nearer = gap < closest
        closest = np.where(nearer, gap, closest)
        best = np.where(nearer, along, best)
        along = np.minimum(along + np.maximum(gap, 0) * 0.9, far)
    return as_floats(start + rays * best[:, None]), as_floats(np.clip(1 - closest / pixel, 0, 1))


def normals(distance: Distance, places: Floats, step: float = 2e-3) -> Floats:
    """Directions away from the surface, (n, 3), of length 1."""
    total = np.zeros_like(places)
    for corner in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        way = np.array(corner, np.float32)
        total += way * distance(places + way * step)[:, None]
    return unit(total)


def unit(vectors: Floats) -> Floats:
    """The vectors, made 1 long."""
    return as_floats(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def sunlit(places: Floats, balls: Sequence[Ball], toward: Floats) -> Floats:
    """How much of a far lamp the places see past the balls; far shadows are softer."""
    lit = np.ones(places.shape[:-1], np.float32)
    for ball in balls:
        offset = as_floats(ball.centre) - places
        ahead = offset @ toward
        aside = np.sqrt(np.maximum((offset * offset).sum(-1) - ahead * ahead, 0))
        soft = 0.025 + 0.11 * np.maximum(ahead, 0)
        blocked = 1 - smoothstep(0, 1, (aside - ball.radius + soft) / (2 * soft))
        lit *= 1 - blocked * smoothstep(0.0, 0.5 * ball.radius, ahead)
    return lit


def openness(places: Floats, normal: Floats, balls: Sequence[Ball]) -> Floats:
    """How much of the room's light reaches the places past the balls and the table, 0..1."""
    free = np.ones(places.shape[:-1], np.float32)
    for ball in balls:
        offset = as_floats(ball.centre) - places
        away = np.sqrt((offset * offset).sum(-1))
        facing = (offset * normal).sum(-1) / np.maximum(away, 1e-4)
        angle = np.clip(ball.radius / np.maximum(away, ball.radius), 0, 1)
        free *= 1 - np.clip(0.35 + 0.65 * facing, 0, 1) * angle**2 * 0.92
    return free


def mirrored(
    places: Floats, directions: Floats, balls: Sequence[Ball]
) -> tuple[Floats, list[Floats]]:
    """What rays from the places meet: the nearest ball's number (-1: none), each ball's facing.

    Returns:
        Numbers, (n,), and for each ball how squarely it is met, (n,), 0..1.
    """
    number = np.full(places.shape[0], -1, np.float32)
    nearest = np.full(places.shape[0], np.inf, np.float32)
    squarely = []
    for index, ball in enumerate(balls):
        offset = as_floats(ball.centre) - places
        ahead = (offset * directions).sum(-1)
        aside2 = (offset * offset).sum(-1) - ahead * ahead
        depth2 = ball.radius**2 - aside2
        hit = (depth2 > 0) & (ahead > 0) & (ahead < nearest)
        number = np.where(hit, index, number)
        nearest = np.where(hit, ahead, nearest)
        squarely.append(as_floats(np.sqrt(np.maximum(depth2, 0)) / ball.radius))
    return as_floats(number), squarely


def apple(places: Floats) -> Floats:
    """An apple of radius 1 about the origin: a ring so thick that it closes, narrower below."""
    x, y, z = places[:, 0], places[:, 1], places[:, 2]
    lobes = 1 + 0.018 * np.cos(5 * np.arctan2(z, x)) * np.clip(-y, 0, 1)
    across = np.hypot(x, z) / (lobes * (1 + 0.13 * np.clip(y, -1, 1)))
    return as_floats((np.hypot(across - 0.33, y / 1.28) - 0.62) * 0.8)


def pear(places: Floats) -> Floats:
    """A pear, its belly of radius 1 about the origin, its neck up to y = 1.85."""
    belly = np.linalg.norm(places, axis=-1) - 0.96
    neck = np.linalg.norm(places - np.array([0.06, 1.15, 0], np.float32), axis=-1) - 0.48
    blend = np.clip(0.5 + 0.5 * (neck - belly) / 0.75, 0, 1)
    return as_floats((neck * (1 - blend) + belly * blend - 0.75 * blend * (1 - blend)) * 0.9)


def lemon(places: Floats) -> Floats:
    """A lemon along x, 1 thick, with its two tips."""
    along = np.abs(places[:, 0])
    across = np.hypot(places[:, 1], places[:, 2])
    body = np.hypot(along / 1.22, across) - 1
    tip = np.hypot((along - 1.24) / 1.2, across) - 0.20
    blend = np.clip(0.5 + 0.5 * (tip - body) / 0.35, 0, 1)
    return as_floats((tip * (1 - blend) + body * blend - 0.35 * blend * (1 - blend)) * 0.8)


def ball(places: Floats) -> Floats:
    """A sphere of radius 1, with a small dimple on top."""
    top = np.exp(-((places[:, 0] ** 2 + places[:, 2] ** 2) / 0.02)) * (places[:, 1] > 0)
    return as_floats((np.linalg.norm(places, axis=-1) - 1 + 0.07 * top) * 0.9)


def plum(places: Floats) -> Floats:
    """A plum along x, 1 thick, with its crease."""
    x, y, z = places[:, 0] / 1.12, places[:, 1], places[:, 2]
    crease = 0.06 * np.exp(-((z / 0.10) ** 2)) * np.clip(y, 0, 1)
    return as_floats((np.sqrt(x * x + y * y + z * z) - 1 + crease) * 0.85)
