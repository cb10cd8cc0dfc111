"""A beach from above: the blue parasols are pixelated. The masks are a label map."""

from dataclasses import dataclass

import numpy as np

from drawing import noise
from drawing.canvas import (
    SHEET_HEIGHT,
    SHEET_WIDTH,
    Canvas,
    Floats,
    Window,
    as_floats,
    coverage,
    develop,
    hex_colour,
    mix,
    ramp,
    reduce,
    smoothstep,
)
from drawing.scene import Drawing, Scene, Settings, spread_palette

FINER = 2
SUN = np.array([-0.62, -0.52, 0.59], np.float32)  # x right, y down, z up out of the picture
SHADE = np.array([0.40, 0.46, 0.60], np.float32)  # what the sky alone lights
PANELS = 8


@dataclass(frozen=True)
class Parasol:
    """One parasol.

    Args:
        x: Of its pole, in units.
        y: Of its pole.
        radius: To the tips of its ribs.
        first: Colour of every other panel, as hex digits.
        second: Colour of the panels between.
        turn: Rotation, in panels.
        trim: Colour of its border.
    """

    x: float
    y: float
    radius: float
    first: str
    second: str
    turn: float = 0.0
    trim: str = "f6f1e6"


PARASOLS = (
    Parasol(168, 458, 60, "2b7fd6", "3d92e3", 0.2),
    Parasol(392, 552, 66, "f4f0e8", "e4573f", 0.6, "e4573f"),
    Parasol(612, 470, 58, "f2b52c", "f7c84d", 0.1),
    Parasol(842, 520, 68, "17408a", "1f4f9e", 0.4),
    Parasol(1084, 442, 60, "f6f2ea", "f6f2ea", 0.3, "d9cdb8"),
    Parasol(1300, 512, 66, "d42a2e", "c01f27", 0.7),
    Parasol(1498, 474, 58, "f4f0e8", "f0b429", 0.5, "f0b429"),
    Parasol(96, 690, 66, "ef7d2a", "f4903f", 0.3),
    Parasol(300, 782, 70, "2d8c58", "3a9e67", 0.8),
    Parasol(560, 714, 72, "2b6bd1", "1d57b5", 0.5),
    Parasol(668, 768, 58, "f08fb0", "f6a6c1", 0.15),
    Parasol(936, 752, 70, "c9252c", "dd3a3a", 0.35),
    Parasol(1172, 686, 64, "f3c233", "f8d25c", 0.65),
    Parasol(1420, 700, 72, "215fbe", "2e70cf", 0.25),
    Parasol(150, 952, 72, "f4f0e8", "2f9a92", 0.4, "2f9a92"),
    Parasol(440, 972, 66, "d8332f", "c3262a", 0.1),
    Parasol(792, 962, 70, "f6f2ea", "ef8334", 0.7, "ef8334"),
    Parasol(1084, 930, 74, "1d55ad", "2867c4", 0.55),
    Parasol(1318, 936, 64, "6f4aa8", "8058ba", 0.3),
    Parasol(1502, 958, 62, "39a56b", "2b8f59", 0.9),
)

TOWELS = (  # x, y, angle in degrees, colour, stripe
    (228, 540, 20, "f3e9d8", "d8574a"),
    (470, 628, -12, "5fb0a8", "e9f2ea"),
    (690, 556, 8, "f0c9a2", "ffffff"),
    (928, 604, 24, "e8654f", "f7e3d0"),
    (1168, 520, -18, "4f8fb8", "eef3f2"),
    (1385, 596, 14, "f4efe4", "e0a33a"),
    (176, 770, -8, "e9d7ef", "9b7bb8"),
    (395, 858, 18, "f6efe2", "5c9aa8"),
    (1030, 822, -22, "f2b880", "fff4e4"),
    (1262, 764, 10, "f4ede0", "cf5a5a"),
    (1512, 776, -14, "85b7a0", "f1f5ea"),
    (540, 1030, 12, "f0e6d4", "e58a4e"),
    (884, 1030, -10, "d9e6e8", "5a8fb0"),
    (1180, 1006, 16, "f7d6c4", "d76f63"),
    (250, 1024, -20, "f3e6c8", "e0b23e"),
)


def draw(scale: float) -> Drawing:
    """Sea, sand, towels and parasols; each parasol has its own number in the mask."""
    canvas = Canvas(scale * FINER)
    window = canvas.window()
    shore = _shore(canvas, window)
    _sand(canvas, window, shore)
    _sea(canvas, window, shore)
    for towel in TOWELS:
        _towel(canvas, *towel)
    labels = np.zeros((round(SHEET_HEIGHT * scale), round(SHEET_WIDTH * scale)), np.uint8)
    for parasol in PARASOLS:
        _shadow(canvas, parasol)
    for number, parasol in enumerate(PARASOLS, 1):
        plane = _parasol(canvas, parasol)
        labels[reduce(plane, FINER) > 0.5] = number
    photo = develop(reduce(canvas.light, FINER), seed=12, exposure=1.02)
    return Drawing(photo, {"parasols.png": labels}, palette=spread_palette(len(PARASOLS)))


def _shore(canvas: Canvas, window: Window) -> Floats:
    """Distance from the water's edge, in units, seawards; wavering as the last wave left it."""
    straight = 0.98 * (292 - window.y) + 0.10 * (window.x - 800)
    bays = 20 * noise.clouds(canvas, 420, 21, octaves=2)
    lobes = 9 * noise.clouds(canvas, 110, 22, octaves=3, stretch=1.6)
    return as_floats(straight + bays + lobes * np.exp(-np.abs(straight) / 160))


def _sand(canvas: Canvas, window: Window, shore: Floats) -> None:
    dunes = noise.clouds(canvas, 90, 31, octaves=4, stretch=1.5)
    height = 1.7 * dunes + 0.22 * noise.clouds(canvas, 9, 32, octaves=3) + _footprints(canvas)
    dry = smoothstep(-20, -70, shore)
    down, across = (as_floats(g) * canvas.density for g in np.gradient(height))
    relief = 1 - (SUN[0] * across + SUN[1] * down) * 0.85 * (0.25 + 0.75 * dry)
    tone = mix(hex_colour("dfc296"), hex_colour("ecd6ae"), smoothstep(-1.5, 1.5, dunes))
    specks = noise.clouds(canvas, 1.6, 33, octaves=2)
    tone = tone * (relief * (1 + 0.035 * specks))[..., None]
    wet = smoothstep(-78, -44, shore + 6 * dunes)
    tone = mix(tone, tone * np.array([0.60, 0.57, 0.55]) + 0.012, wet)
    glaze = smoothstep(-46, -4, shore)
    canvas.light[:] = mix(tone, tone * 0.8 + hex_colour("9fc0c4") * 0.14, glaze)
    rest = np.exp(-(((shore + 62 + 5 * dunes) / 1.6) ** 2))
    patchy = smoothstep(-0.2, 0.8, noise.clouds(canvas, 60, 34, octaves=4))
    canvas.over(window, hex_colour("f4ead6"), 0.55 * rest * patchy)


def _footprints(canvas: Canvas) -> Floats:
    """Trails of dents, as height."""
    random = np.random.default_rng(35)
    height = canvas.plane()
    for _ in range(24):
        x, y = random.uniform(0, SHEET_WIDTH), random.uniform(400, SHEET_HEIGHT)
        heading = random.uniform(0, 2 * np.pi)
        for step in range(random.integers(14, 40)):
            heading += random.normal(0, 0.10)
            x, y = x + 15 * np.cos(heading), y + 15 * np.sin(heading)
            side = 4.2 if step % 2 else -4.2
            _dent(canvas, height, x - side * np.sin(heading), y + side * np.cos(heading), heading)
    return height


def _dent(canvas: Canvas, height: Floats, x: float, y: float, heading: float) -> None:
    window = canvas.window(x - 10, y - 10, x + 10, y + 10)
    along = (window.x - x) * np.cos(heading) + (window.y - y) * np.sin(heading)
    aside = -(window.x - x) * np.sin(heading) + (window.y - y) * np.cos(heading)
    reach = (along / 4.6) ** 2 + (aside / 2.3) ** 2
    height[window.rows, window.columns] += 0.9 * (0.35 * np.exp(-reach / 3) - np.exp(-reach))


def _sea(canvas: Canvas, window: Window, shore: Floats) -> None:
    stops = [
        (0, "dfe6cf"),
        (26, "b9e0d2"),
        (80, "7accc6"),
        (150, "3fb0b8"),
        (240, "2293aa"),
        (420, "136f94"),
        (620, "0d5a80"),
    ]
    deep = noise.clouds(canvas, 190, 41, octaves=4, stretch=1.8)
    water = ramp(stops, shore * (1 + 0.10 * deep) + 8 * deep)
    bend_x, bend_y = (6 * noise.clouds(canvas, 36, seed, octaves=2) for seed in (42, 43))
    net = np.minimum(*(np.abs(noise.clouds(canvas, 24, seed, octaves=2)) for seed in (44, 45)))
    net = noise.warped(canvas, as_floats(np.exp(-net * 5.5)), bend_x, bend_y)
    shallow = np.exp(-np.maximum(shore, 0) / 150)
    chop = noise.clouds(canvas, 15, 46, octaves=4, stretch=2.4)
    swell = np.sin(shore / 27 + 1.3 * deep) * 0.5 + 0.5
    bright = 1 + 0.26 * (net - 0.45) * shallow + 0.055 * chop + 0.06 * (swell - 0.5)
    water = as_floats(water * bright[..., None])
    depth = smoothstep(0, 42, shore)
    canvas.over(window, water, coverage(shore, canvas.density) * (0.30 + 0.70 * depth))
    edge = np.exp(-((np.minimum(shore + 2, 0) / 5) ** 2)) * smoothstep(8, -3, shore)
    canvas.shade(window, 1 - 0.16 * edge)
    _foam(canvas, window, shore)


def _foam(canvas: Canvas, window: Window, shore: Floats) -> None:
    """Lace behind the water's edge, and breakers further out."""
    bend_x, bend_y = (9 * noise.clouds(canvas, 30, seed, octaves=3) for seed in (51, 52))
    cells = np.minimum(*(np.abs(noise.clouds(canvas, 17, seed, octaves=2)) for seed in (53, 54)))
    lace = noise.warped(canvas, as_floats(np.exp(-cells * 7)), bend_x, bend_y)
    broken = noise.clouds(canvas, 130, 55, octaves=4, stretch=2.2)
    white = hex_colour("fbfdfb")
    amount = np.zeros_like(shore)
    for place, front, trail, least in ((0, 3.2, 46, -9), (128, 4.5, 44, -0.1), (262, 4.0, 34, 0.5)):
        beyond = shore - place - 10 * np.sin(broken * 1.7) * (place > 0)
        here = smoothstep(least - 0.35, least + 0.65, broken)
        line = smoothstep(-1.2, 0.4, beyond) * np.exp(-np.maximum(beyond, 0) / front)
        behind = smoothstep(-0.5, 2, beyond) * np.exp(-np.maximum(beyond, 0) / trail)
        holes = smoothstep(0.74 - 0.5 * behind, 1.02 - 0.5 * behind, lace)
        amount = np.maximum(amount, here * np.maximum(line, behind * holes * 0.92))
        face = np.exp(-((np.minimum(beyond, 0) / 9) ** 2)) * (beyond < 0) * here * (place > 0)
        canvas.shade(window, 1 - 0.22 * face)
    canvas.over(window, white, np.clip(amount, 0, 1) * 0.94)


def _towel(canvas: Canvas, x: float, y: float, degrees: float, colour: str, stripe: str) -> None:
    half_width, half_length = 24.0, 46.0
    window = canvas.window(x - 62, y - 62, x + 66, y + 66)
    angle = np.radians(degrees)

    def inside(shift: float) -> tuple[Floats, Floats, Floats]:
        dx, dy = window.x - x - shift, window.y - y - shift * 0.85
        across = dx * np.cos(angle) + dy * np.sin(angle)
        along = -dx * np.sin(angle) + dy * np.cos(angle)
        across = across + 0.9 * np.sin(along / 7 + x)
        reach = np.minimum(half_width - np.abs(across), half_length - np.abs(along))
        return as_floats(reach), as_floats(across), as_floats(along)

    canvas.shade(window, mix(np.ones(3), SHADE, 0.75 * smoothstep(-2.5, 1.5, inside(3)[0])))
    reach, across, along = inside(0)
    bands = smoothstep(0.42, 0.50, np.abs(np.mod(along / 15.5 + 0.5, 1) - 0.5) * 2)
    cloth = mix(hex_colour(colour), hex_colour(stripe), bands)
    fold = 1 + 0.05 * np.sin(along / 9 + across / 13 + y)
    canvas.over(window, cloth * (0.93 * fold)[..., None], coverage(reach, canvas.density))


def _polar(window: Window, parasol: Parasol, x: float, y: float) -> tuple[Floats, Floats, Floats]:
    """Distance inside the outline of a parasol at (x, y), panel coordinate, distance from pole."""
    dx, dy = window.x - x, window.y - y
    away = np.hypot(dx, dy)
    panel = np.arctan2(dy, dx) * (PANELS / (2 * np.pi)) + parasol.turn
    from_middle = np.mod(panel, 1) - 0.5
    angle = from_middle * (2 * np.pi / PANELS)
    straight = parasol.radius * np.cos(np.pi / PANELS) / np.cos(angle)
    sag = 0.035 * parasol.radius * np.cos(np.pi * from_middle)
    return as_floats(straight - sag - away), as_floats(panel), as_floats(away)


def _shadow(canvas: Canvas, parasol: Parasol) -> None:
    r = parasol.radius
    x, y = parasol.x + 0.56 * r, parasol.y + 0.47 * r
    window = canvas.window(parasol.x - 1.2 * r, parasol.y - 1.2 * r, x + 1.2 * r, y + 1.2 * r)
    inside = _polar(window, parasol, x, y)[0]
    dark = smoothstep(-0.055 * r, 0.055 * r, inside)
    contact = 0.25 * smoothstep(0.5 * r, -0.9 * r, np.hypot(window.x - x, window.y - y) - 0.4 * r)
    canvas.shade(window, mix(np.ones(3), SHADE, dark * (0.86 + 0.14 * contact)))


def _parasol(canvas: Canvas, parasol: Parasol) -> Floats:
    """Paint a parasol; what it covers, on a plane of the canvas's size."""
    r = parasol.radius
    window = canvas.window(
        parasol.x - 1.1 * r, parasol.y - 1.1 * r, parasol.x + 1.1 * r, parasol.y + 1.1 * r
    )
    inside, panel, away = _polar(window, parasol, parasol.x, parasol.y)
    number = np.floor(panel)
    from_rib = (0.5 - np.abs(panel - number - 0.5)) * 2  # 0 on a rib, 1 midway
    cloth = mix(hex_colour(parasol.first), hex_colour(parasol.second), np.mod(number, 2))
    trim = smoothstep(0.085 * r, 0.075 * r, inside)
    cloth = mix(cloth, hex_colour(parasol.trim), trim)
    hem = np.exp(-(((inside - 0.082 * r) / 0.7) ** 2))
    cloth = cloth * (1 - 0.20 * hem)[..., None]
    middle = (number + 0.5 - parasol.turn) * (2 * np.pi / PANELS)
    tilt = middle + (panel - number - 0.5) * 0.35
    steep = 0.42 + 0.30 * (away / r) ** 2
    normal = np.stack([np.cos(tilt) * steep, np.sin(tilt) * steep, np.ones_like(tilt)], axis=-1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    toward = np.clip(normal @ SUN, 0, None)
    light = np.array([1.25, 1.17, 1.02]) * toward[..., None] + np.array([0.24, 0.28, 0.34])
    colour = cloth * light
    rib = np.exp(-((from_rib * away * np.pi / PANELS / 1.5) ** 2))
    colour = colour * (1 - 0.20 * rib * smoothstep(2, 10, away))[..., None]
    colour = colour * (1 + 0.05 * (1 - from_rib) - 0.03)[..., None]
    sheen = 0.05 * np.clip(toward, 0, 1) ** 8
    colour = colour + sheen[..., None]
    cap = coverage(0.085 * r - away, canvas.density)
    colour = mix(colour, hex_colour(parasol.trim) * (0.55 + 0.5 * toward)[..., None], cap)
    shadow = np.exp(
        -(
            (
                np.maximum(
                    np.hypot(window.x - parasol.x - 2, window.y - parasol.y - 2) - 0.085 * r, 0
                )
                / 2.5
            )
            ** 2
        )
    )
    colour = mix(colour * (1 - 0.35 * shadow * (1 - cap))[..., None], colour, cap)
    cover = coverage(inside, canvas.density)
    canvas.over(window, colour, cover)
    plane = canvas.plane()
    plane[window.rows, window.columns] = cover
    return plane


SCENE = Scene(
    name="parasols",
    settings=Settings(
        title="Pixelate what matches",
        description="A beach from above, a label map of twenty parasols: the blue ones are hidden.",
        masks=("parasols.png",),
        expression="blue > 50%",
        effect="pixelate",
        effect_on="filtered",
        feather=2,
    ),
    draw=draw,
)
