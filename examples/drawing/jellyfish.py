"""Jellyfish in deep water, a soft mask file for each: all but the named ones go out of focus.

Bells overlap tentacles and tentacles each other; each mask fades where its jellyfish does.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from drawing import noise
from drawing.canvas import (
    SHEET_HEIGHT,
    SHEET_WIDTH,
    Bytes,
    Canvas,
    Floats,
    Window,
    as_floats,
    coverage,
    develop,
    hex_colour,
    levels,
    mix,
    ramp,
    reduce,
    smoothstep,
)
from drawing.scene import Drawing, Scene, Settings

FINER = 2
SUN_PLACE = (430.0, -330.0)


@dataclass(frozen=True)
class Jellyfish:
    """One jellyfish.

    Args:
        name: Of its mask file; empty for one that is only far scenery.
        x: Of the middle of its bell, in units.
        y: Of the middle of its bell.
        radius: Of its bell.
        tilt: Of its axis, in degrees, to the right.
        bend: How much its tentacles drift to the right, in radii.
        glow: Colour of what shines in it, as hex digits.
        body: Colour of its flesh.
        spots: Colour of the ring inside.
        ribs: Stripes around the bell.
        fog: How much of it the water takes, 0..1.
        blur: Its own lack of focus, in units.
    """

    name: str
    x: float
    y: float
    radius: float
    tilt: float
    bend: float
    glow: str
    body: str
    spots: str
    ribs: int = 16
    fog: float = 0.0
    blur: float = 0.0


JELLYFISH = (  # far to near
    Jellyfish("", 820, 112, 30, 12, 0.2, "9cc9dc", "4f8fb4", "bfe0ee", fog=0.62, blur=3.5),
    Jellyfish("", 88, 300, 36, -14, -0.2, "9cc9dc", "4f8fb4", "bfe0ee", fog=0.66, blur=4.5),
    Jellyfish("", 1492, 470, 26, 20, 0.3, "9cc9dc", "4f8fb4", "bfe0ee", fog=0.70, blur=4.0),
    Jellyfish("azure", 1388, 612, 76, 16, 0.30, "8fe3f2", "2f86c8", "d6f6ff", fog=0.16, blur=0.9),
    Jellyfish(
        "violet", 230, 618, 104, -16, -0.28, "c9a2ff", "6b3fc0", "efdcff", fog=0.08, blur=0.4
    ),
    Jellyfish("pearl", 1096, 262, 134, 15, 0.05, "e6f4ff", "86b4da", "ffffff", ribs=24, fog=0.04),
    Jellyfish("rose", 728, 516, 150, -10, -0.20, "ffb0cf", "d24484", "ffe3ee", ribs=20),
    Jellyfish("amber", 486, 290, 178, 9, 0.10, "ffd08a", "e5761c", "fff0c8", ribs=16),
)
ARMS = ((-0.34, 0.4, 2.3), (-0.12, 2.1, 2.7), (0.13, 3.6, 2.5), (0.35, 5.0, 2.15))
TENTACLES = 19


def draw(scale: float) -> Drawing:
    """Water, then the jellyfish from far to near, each with its own soft mask."""
    canvas = Canvas(scale * FINER)
    _water(canvas)
    masks = {}
    for seed, jellyfish in enumerate(JELLYFISH):
        cover = _jellyfish(canvas, jellyfish, seed)
        if jellyfish.name:
            masks[f"{jellyfish.name}.png"] = _soft_mask(canvas, cover)
    _snow(canvas)
    canvas.light += 0.20 * canvas.blur(np.maximum(canvas.light - 0.30, 0), 16)
    photo = develop(reduce(canvas.light, FINER), seed=15, exposure=1.05)
    return Drawing(photo, dict(sorted(masks.items())))


def _water(canvas: Canvas) -> None:
    """Light from above left that the depth takes away, in shafts."""
    window = canvas.window()
    dx, dy = window.x - SUN_PLACE[0], window.y - SUN_PLACE[1]
    away = np.hypot(dx, dy * 1.1)
    murk = noise.clouds(canvas, 380, 91, octaves=4)
    stops = [
        (300, "4fb3cf"),
        (520, "2685b4"),
        (800, "135a93"),
        (1100, "0b3a6e"),
        (1450, "06234a"),
        (1800, "03122b"),
    ]
    canvas.light[:] = ramp(stops, away + 36 * murk)
    angle = as_floats(np.arctan2(dx, dy) * 900 + 800)
    shafts = noise.line(angle, 110, 92, octaves=4, gain=0.6)
    fine = noise.line(angle, 26, 93, octaves=3, gain=0.6)
    strength = smoothstep(-0.2, 2.2, shafts + 0.35 * fine) * np.exp(
        -np.maximum(away - 320, 0) / 420
    )
    canvas.add(window, hex_colour("a8e4ea"), 0.34 * strength)
    ripple = noise.clouds(canvas, 60, 94, octaves=4, stretch=3.0)
    surface = np.exp(-window.y / 60) * smoothstep(0.2, 2.2, ripple)
    canvas.add(window, hex_colour("d8f6f2"), 0.35 * surface * np.exp(-(((dx) / 620) ** 2)))


def _snow(canvas: Canvas) -> None:
    """Specks that drift in the light, near ones out of focus."""
    random = np.random.default_rng(95)
    for _ in range(420):
        x, y = random.uniform(0, SHEET_WIDTH), random.uniform(0, SHEET_HEIGHT)
        size = 0.7 + random.gamma(1.4, 0.7)
        bright = random.uniform(0.05, 0.30) / size * (1.15 - 0.55 * y / SHEET_HEIGHT)
        reach = 3 * size + 1
        window = canvas.window(x - reach, y - reach, x + reach, y + reach)
        spot = np.exp(-(((window.x - x) ** 2 + (window.y - y) ** 2) / size**2))
        canvas.add(window, hex_colour("cfeaf2"), bright * spot)


def _jellyfish(canvas: Canvas, jellyfish: Jellyfish, seed: int) -> Floats:
    """Paint one; what it covers, on a plane of the canvas's size."""
    r = jellyfish.radius
    window = canvas.window(
        jellyfish.x - 2.4 * r, jellyfish.y - 1.3 * r, jellyfish.x + 2.4 * r, jellyfish.y + 4.4 * r
    )
    turn = np.radians(jellyfish.tilt)
    dx, dy = (window.x - jellyfish.x) / r, (window.y - jellyfish.y) / r
    u, v = dx * np.cos(turn) + dy * np.sin(turn), -dx * np.sin(turn) + dy * np.cos(turn)
    light = as_floats(np.zeros((*u.shape, 3)))
    cover = np.zeros_like(u)
    pixel = canvas.density * r
    layers = (
        _tentacles(jellyfish, u, v, pixel, seed),
        _inside_of_bell(jellyfish, u, v, pixel),
        _arms(jellyfish, u, v, pixel, seed),
        _bell(jellyfish, u, v, pixel, seed),
    )
    for colour, part in layers:  # light is kept multiplied by cover, so that layers add up
        light = light * (1 - part[..., None]) + colour * part[..., None]
        cover = as_floats(cover + part * (1 - cover))
    _lay(canvas, window, jellyfish, light, cover)
    plane = canvas.plane()
    plane[window.rows, window.columns] = cover
    return plane


def _lay(
    canvas: Canvas, window: Window, jellyfish: Jellyfish, light: Floats, cover: Floats
) -> None:
    """Put the finished jellyfish into the water, with the glow around it."""
    both = np.dstack([light, cover])
    if jellyfish.blur:
        both = canvas.blur(as_floats(both), jellyfish.blur)
    light, cover = both[..., :3], as_floats(both[..., 3])
    water = canvas.light[window.rows, window.columns]
    light = light * (1 - jellyfish.fog) + water * (cover * jellyfish.fog)[..., None]
    halo = canvas.blur(cover, 0.16 * jellyfish.radius) * (1 - jellyfish.fog)
    water += hex_colour(jellyfish.glow) * (0.075 * halo)[..., None]
    water *= 1 - cover[..., None]
    water += light


def _outline(u: Floats, v: Floats) -> Floats:
    """Distance inside the bell's outline, in radii, near enough."""
    dome = 1 - (np.abs(u) ** 2.25 + np.abs(np.minimum(v, 0) / 0.90) ** 2.25) ** (1 / 2.25)
    width = 1 - 0.42 * np.clip(v, 0, 1) ** 1.4
    lappets = 0.045 * np.abs(np.cos(9 * np.arcsin(np.clip(u, -0.99, 0.99))))
    margin = 0.20 + 0.13 * (1 - u * u) + lappets
    skirt = np.minimum((width - np.abs(u)) * 0.9, margin - v)
    return as_floats(np.where(v < 0, dome, skirt))


def _bell(
    jellyfish: Jellyfish, u: Floats, v: Floats, pixel: float, seed: int
) -> tuple[Floats, Floats]:
    inside = _outline(u, v)
    edge = np.clip(1 - inside / 0.62, 0, 1)
    width = np.sqrt(np.clip(1 - np.clip(v / 0.92, -1, 0) ** 2, 0.02, 1))
    longitude = np.arcsin(np.clip(u / width, -0.995, 0.995))
    rib = 0.5 + 0.5 * np.cos(longitude * jellyfish.ribs)
    meridian = smoothstep(-0.86, 0.1, v)
    grain = noise.field(as_floats(longitude * 9), as_floats(v * 6), 300 + seed, octaves=4)
    body, glow = hex_colour(jellyfish.body), hex_colour(jellyfish.glow)
    amount = 0.16 + 0.52 * edge**2.2 + 0.26 * rib**3 * meridian + 0.05 * grain
    toward = as_floats(np.clip(0.5 - 0.42 * u - 0.55 * v, 0, 1.3))
    colour = (
        mix(body, glow, np.clip(amount + 0.12 * toward, 0, 1)) * (0.42 + 0.72 * toward)[..., None]
    )
    rim = np.exp(-((inside / 0.030) ** 2)) * (0.35 + 0.65 * toward)
    colour = colour + glow * (0.55 * rim)[..., None]
    spots = _spots(u, v)
    colour = mix(
        colour, hex_colour(jellyfish.spots) * (0.55 + 0.55 * toward)[..., None], 0.52 * spots
    )
    sheen = np.exp(-(((u + 0.40) / 0.30) ** 2 + ((v + 0.52) / 0.16) ** 2) * 1.3)
    colour = colour + hex_colour("f4fbff") * (0.34 * sheen**1.5)[..., None]
    see_through = 0.46 + 0.40 * edge**1.6 + 0.12 * rib * meridian + 0.22 * spots
    part = coverage(inside, pixel) * np.clip(see_through, 0, 0.96)
    return as_floats(colour), as_floats(part)


def _spots(u: Floats, v: Floats) -> Floats:
    """A ring of four bright horseshoes, seen through the bell."""
    across, down = u / 0.44, (v + 0.27) / 0.22
    angle = np.arctan2(down, across) + np.pi / 4
    lobes = np.abs(np.cos(2 * angle))
    away = np.hypot(across, down) - 0.62 - 0.42 * lobes**0.6
    ring = np.exp(-((away / 0.11) ** 2)) * (0.25 + 0.75 * lobes)
    return as_floats(ring + 0.35 * smoothstep(0.0, -0.5, away) * lobes)


def _inside_of_bell(
    jellyfish: Jellyfish, u: Floats, v: Floats, pixel: float
) -> tuple[Floats, Floats]:
    """The far wall of the bell below its margin: dim, a little brighter towards the middle."""
    reach = 1 - np.hypot(u / 0.80, (v - 0.16) / 0.24)
    colour = mix(
        hex_colour(jellyfish.body) * 0.30,
        hex_colour(jellyfish.glow) * 0.42,
        smoothstep(0, 1, reach),
    )
    return colour, as_floats(coverage(reach * 0.24, pixel) * 0.72)


def _arms(
    jellyfish: Jellyfish, u: Floats, v: Floats, pixel: float, seed: int
) -> tuple[Floats, Floats]:
    """Frilled ribbons from the middle of the bell."""
    glow, body = hex_colour(jellyfish.glow), hex_colour(jellyfish.body)
    total, light = np.zeros_like(u), as_floats(np.zeros((*u.shape, 3)))
    ruffle = noise.field(as_floats(u * 9), as_floats(v * 7), 320 + seed, octaves=3)
    for start, phase, length in ARMS:
        down = np.clip((v - 0.05) / length, 0, 1)
        middle = start * (0.55 + 0.6 * down) + jellyfish.bend * 0.20 * (down * length) ** 1.7
        middle = middle + 0.13 * down * np.sin(3.1 * v + phase + seed)
        side = as_floats(v * 13 + 40 * phase + 90 * (u > middle))
        frill = noise.field(side, np.zeros_like(side), 330 + seed, octaves=4, gain=0.6)
        half = 0.150 * (1 - down) ** 0.65 * np.clip(1 + 0.34 * frill, 0.35, 1.9) + 0.004
        across = (u - middle) / half
        fold = 0.5 + 0.5 * np.sin(7 * across + 9 * v + 1.6 * ruffle + phase)
        bright = 0.26 + 0.34 * fold + 0.38 * smoothstep(0.5, 1.0, np.abs(across))
        fade = smoothstep(0.02, 0.12, v) * (1 - smoothstep(0.55, 1.0, down))
        part = coverage((1 - np.abs(across)) * half, pixel) * fade * (0.42 + 0.40 * fold) * (v > 0)
        colour = mix(body, glow, np.clip(bright, 0, 1)) * (0.85 - 0.30 * down)[..., None]
        light = light * (1 - part[..., None]) + colour * part[..., None]
        total = total + part * (1 - total)
    return as_floats(light / np.maximum(total, 1e-4)[..., None]), as_floats(total)


def _tentacles(
    jellyfish: Jellyfish, u: Floats, v: Floats, pixel: float, seed: int
) -> tuple[Floats, Floats]:
    """Threads from the margin, swaying together."""
    random = np.random.default_rng(340 + seed)
    total = np.zeros_like(u)
    for number in range(TENTACLES):
        start = 0.90 * np.sin(np.pi * (number + 0.5 - TENTACLES / 2) / TENTACLES)
        length, phase = random.uniform(2.3, 3.7), random.uniform(-0.8, 0.8)
        root = 0.22 + 0.10 * (1 - start * start)
        down = np.clip(v - root, 0, None)
        sway = 0.055 * np.sin(2.3 * v + phase + seed) * np.minimum(down, 1.6)
        sway = sway + 0.018 * np.sin(7.5 * v + 4 * phase) * np.minimum(down, 1)
        middle = start * (1 - 0.10 * down) + jellyfish.bend * 0.20 * down**1.7 + sway
        lean = np.gradient(middle, axis=0) / np.maximum(np.gradient(v, axis=0), 1e-6)
        away = np.abs(u - middle) / np.sqrt(1 + np.clip(lean, -2, 2) ** 2)
        half = 0.011 * (1 - 0.6 * np.clip(down / length, 0, 1)) + 0.25 / pixel
        fade = (1 - smoothstep(0.25 * length, length, down)) * smoothstep(-0.1, 0.03, v - root)
        part = coverage(as_floats(half - away), pixel) * fade * random.uniform(0.45, 0.85)
        total = as_floats(total + part * (1 - total))
    colour = mix(hex_colour(jellyfish.body), hex_colour(jellyfish.glow), smoothstep(2.6, 0.3, v))
    return colour * 0.85, as_floats(total)


def _soft_mask(canvas: Canvas, cover: Floats) -> Bytes:
    """A soft mask: opaque in the bell, fading with arms and tentacles, a breath wider than they."""
    solid = smoothstep(0.02, 0.50, cover)
    around = canvas.blur(solid, 3.2)
    mask = reduce(np.maximum(solid, np.minimum(1.35 * around, 1)), FINER)
    values = levels(mask)
    values[values < 4] = 0
    _, pieces, sizes, _ = cv2.connectedComponentsWithStats(np.minimum(values, 1))
    largest = 1 + int(np.argmax(sizes[1:, cv2.CC_STAT_AREA]))
    return np.where(pieces == largest, values, 0).astype(np.uint8)


SCENE = Scene(
    name="jellyfish",
    settings=Settings(
        title="Overlapping soft masks, chosen by name",
        description="A mask file for each jellyfish: those named stay sharp, the rest blurs.",
        masks=("amber.png", "azure.png", "pearl.png", "rose.png", "violet.png"),
        expression="@label = amber or @label = pearl",
        effect="blur",
        effect_on="everything else",
        feather=3,
    ),
    draw=draw,
)
