"""Hot-air balloons over misty hills at sunrise: only the red ones keep their colour."""

from dataclasses import dataclass

import numpy as np

from drawing import noise
from drawing.canvas import (
    SHEET_WIDTH,
    Canvas,
    Floats,
    Window,
    as_floats,
    coverage,
    develop,
    hex_colour,
    implicit_coverage,
    levels,
    mix,
    ramp,
    reduce,
    smoothstep,
)
from drawing.scene import Drawing, Scene, Settings

FINER = 2  # drawn this many times finer, then reduced
SUN = np.array([-0.80, -0.34, 0.50], np.float32) / np.float32(1.003)
SUN_PLACE = (130.0, 742.0)
WARM = hex_colour("ffe3c0") * 2.0
SKY_FILL = hex_colour("a9c3e6") * 0.52
GROUND_FILL = hex_colour("e8b890") * 0.34
HAZE = hex_colour("e6cdbf")

CONE_FROM = 0.574  # below this height, in radii, the envelope narrows straight
CONE_RADIUS, CONE_SLOPE = 0.819, 0.70
MOUTH = 1.50
MOUTH_RADIUS = CONE_RADIUS - CONE_SLOPE * (MOUTH - CONE_FROM)
GORES = 28


@dataclass(frozen=True)
class Balloon:
    """One balloon.

    Args:
        x: Of the envelope's centre, in units.
        y: Of the envelope's centre.
        radius: Of the envelope; all in all it is three radii high.
        light: Colour of its lighter gores, as hex digits.
        deep: Colour of its deeper gores.
        pattern: "gores", "belt", "spiral", "crown" or "rings".
        accent: Colour of what the pattern adds.
        turn: Rotation about its axis, in gores.
        haze: How much of it the distance takes, 0..1.
    """

    x: float
    y: float
    radius: float
    light: str
    deep: str
    pattern: str = "gores"
    accent: str = "f3e6d0"
    turn: float = 0.0
    haze: float = 0.0


BALLOONS = (  # far to near
    Balloon(1003, 178, 29, "c9161f", "b30c16", turn=0.3),
    Balloon(948, 640, 27, "22a094", "128079", turn=0.1, haze=0.22),
    Balloon(672, 112, 43, "fbfaf8", "eceae8", "rings", "b9bcc4", turn=0.2, haze=0.06),
    Balloon(1226, 108, 46, "f08cb8", "e06ea0", "crown", "f6d5df", turn=0.6, haze=0.06),
    Balloon(772, 566, 56, "b30c18", "8f0712", "crown", "cb1822", turn=0.4),
    Balloon(236, 556, 62, "7440b4", "582f98", "spiral", "9668cc", turn=0.2, haze=0.04),
    Balloon(1472, 566, 72, "f07a18", "dc6008", "gores", turn=0.5, haze=0.03),
    Balloon(196, 214, 84, "349c45", "217f34", "belt", "f0e2b4", turn=0.1, haze=0.02),
    Balloon(1402, 256, 90, "d81c20", "ba1018", "spiral", "e23a30", turn=0.7),
    Balloon(838, 262, 96, "2a62c4", "1c4aa3", "rings", "dfe4ee", turn=0.3, haze=0.02),
    Balloon(1120, 404, 124, "f8d430", "efc21a", "crown", "fbe888", turn=0.55),
    Balloon(496, 330, 158, "cf141e", "a90a15", "belt", "f3e3c6", turn=0.35),
)


def draw(scale: float) -> Drawing:
    """Sky, hills and balloons; the mask is what the balloons cover."""
    canvas = Canvas(scale * FINER)
    _sky(canvas)
    _hills(canvas)
    mask = canvas.plane()
    for balloon in BALLOONS:
        _balloon(canvas, balloon, mask)
    glow = canvas.blur(np.maximum(canvas.light - 0.75, 0), 26)
    canvas.light += 0.30 * glow
    photo = develop(reduce(canvas.light, FINER), seed=11, exposure=0.98)
    return Drawing(photo, {"balloons.png": levels(reduce(mask, FINER))})


def _sky(canvas: Canvas) -> None:
    window = canvas.window()
    stops = [
        (0, "4f7fb5"),
        (260, "86abd0"),
        (480, "bccadb"),
        (640, "eed6c6"),
        (760, "f9d9b0"),
        (900, "fbe0b6"),
    ]
    tilt = window.y + 0.05 * (SHEET_WIDTH - window.x) - 30
    canvas.light[:] = ramp(stops, tilt)
    _clouds(canvas, window)
    distance = np.hypot(window.x - SUN_PLACE[0], (window.y - SUN_PLACE[1]) * 1.25)
    canvas.add(window, hex_colour("ffc887"), 0.55 * np.exp(-distance / 300))
    canvas.add(window, hex_colour("ffe3b0"), 0.8 * np.exp(-((distance / 95) ** 1.2)))
    canvas.add(window, hex_colour("fff3d6"), 3 * coverage(30 - distance, 1 / 5))


def _clouds(canvas: Canvas, window: Window) -> None:
    """Two sheets of cloud, each lit from where the sun stands, grey-blue away from it."""
    for seed, cell, stretch, low, strength in ((4, 150, 3.6, 0.35, 0.75), (9, 72, 2.6, 0.75, 0.6)):
        field = noise.clouds(canvas, cell, seed, octaves=7, stretch=stretch, gain=0.52)
        wobble = noise.clouds(canvas, cell * 0.8, seed + 50, octaves=4) * 14
        field = noise.warped(canvas, field, wobble, wobble * 0.5)
        bank = np.exp(-(((window.y - 330 - 60 * np.sin(window.x / 420 + seed)) / 230) ** 2))
        amount = smoothstep(low, low + 1.7, field + 1.1 * bank - 0.5)
        toward = noise.warped(canvas, amount, np.full_like(amount, -16), np.full_like(amount, 12))
        lit = np.clip(0.55 + 1.25 * (amount - toward), 0, 1)
        low_sky = smoothstep(200, 720, window.y)
        bright = mix(hex_colour("fdf3ea"), hex_colour("ffd9ae"), low_sky)
        dark = mix(hex_colour("a9b7d0"), hex_colour("d9b5ab"), low_sky)
        fade = 1 - smoothstep(600, 740, window.y)
        canvas.over(window, mix(dark, bright, lit), amount * strength * fade)


def _hills(canvas: Canvas) -> None:
    """Ridges from far to near, mist lying at the foot of each."""
    ridges = (  # base height, swing, cell, colour, mist at its foot, height of its trees
        (738, 26, 420, "b9b6c6", 0.85, 0.0),
        (772, 24, 330, "9aa3b3", 0.82, 0.8),
        (808, 26, 300, "7a9097", 0.78, 1.8),
        (848, 26, 340, "567670", 0.70, 3.4),
        (908, 30, 420, "375a4c", 0.60, 6.5),
        (990, 30, 560, "1d3a2f", 0.0, 12.0),
    )
    whole = canvas.window()
    wisps = np.clip(0.8 + 0.3 * noise.clouds(canvas, 46, 77, octaves=5, stretch=3.4), 0, 1.3)
    grain = noise.clouds(canvas, 9, 78, octaves=3, stretch=1.6)
    sunward = np.exp(-np.abs(whole.x - SUN_PLACE[0]) / 520)
    mist_colour = mix(HAZE, hex_colour("ffdcb0"), sunward)
    for number, (base, swing, cell, colour, mist, trees) in enumerate(ridges):
        near = number / (len(ridges) - 1)
        ridge = base + swing * noise.line(whole.x[0], cell, 100 + number, octaves=4, gain=0.42)
        below = whole.y - ridge[None, :]
        ground = hex_colour(colour) * (1 + 0.10 * near * grain)[..., None]
        ground = mix(ground, hex_colour("ffcf96"), 0.34 * sunward * (1 - near) ** 0.6)
        rim = np.exp(-np.maximum(below, 0) / (4 + 16 * near)) * sunward
        ground = mix(ground, hex_colour("d9a765"), 0.32 * rim)
        foot = mist * smoothstep(4, 34 + 62 * near, below) * wisps
        ground = mix(ground, mist_colour, np.clip(foot, 0, 1))
        tops = _tree_tops(whole.x[0], trees, number)
        canvas.over(whole, ground, coverage(below + tops[None, :], canvas.density))


def _tree_tops(x: Floats, height: float, seed: int) -> Floats:
    """How far firs stand up over a ridge, at the places x: crowded in woods, none between them."""
    if height == 0:
        return np.zeros_like(x)
    random = np.random.default_rng(400 + seed)
    tops = np.zeros_like(x)
    woods = smoothstep(-0.5, 0.5, noise.line(x, 150, 300 + seed, octaves=3))
    count = int(1.9 * SHEET_WIDTH / height)
    for place, size in zip(
        random.uniform(0, SHEET_WIDTH, count), random.gamma(5, 0.2, count), strict=True
    ):
        tall = 1.9 * height * min(size, 1.7)
        away = np.abs(x - place) / (0.21 * tall)
        branches = 1 - 0.16 * np.mod(away * 5 + size, 1) * (away > 0.08)
        tops = np.maximum(tops, tall * np.clip(1 - away, 0, 1) ** 0.85 * branches)
    return as_floats(tops * woods)


def _balloon(canvas: Canvas, balloon: Balloon, mask: Floats) -> None:
    r = balloon.radius
    window = canvas.window(
        balloon.x - 1.1 * r, balloon.y - 1.1 * r, balloon.x + 1.1 * r, balloon.y + 2.2 * r
    )
    u, v = (window.x - balloon.x) / r, (window.y - balloon.y) / r
    haze = mix(HAZE, hex_colour("ffd7a6"), np.exp(-np.abs(window.x - SUN_PLACE[0]) / 500))
    for colour, cover in (*_rigging(canvas, u, v, r), _envelope(balloon, u, v)):
        part = np.clip(cover, 0, 1)
        canvas.over(window, mix(colour, haze, np.full_like(u, balloon.haze)), part)
        area = mask[window.rows, window.columns]
        area += (1 - area) * part


def _profile(v: Floats) -> tuple[Floats, Floats]:
    """Half the envelope's width at height v, and how it changes with v; all in radii."""
    round_part = np.sqrt(np.clip(1 - v * v, 1e-4, None))
    width = np.where(v < CONE_FROM, round_part, CONE_RADIUS - CONE_SLOPE * (v - CONE_FROM))
    slope = np.where(v < CONE_FROM, -v / round_part, -CONE_SLOPE)
    return as_floats(np.maximum(width, 1e-3)), as_floats(slope)


def _envelope(balloon: Balloon, u: Floats, v: Floats) -> tuple[Floats, Floats]:
    width, slope = _profile(v)
    across = np.clip(u / width, -0.9995, 0.9995)
    longitude = np.arcsin(across)
    gore = longitude * (GORES / (2 * np.pi)) + balloon.turn
    inside = gore - np.floor(gore) - 0.5
    bulged = longitude + 0.15 * inside * 2 * np.clip(1.2 - np.abs(v) * 0.35, 0, 1)
    across, facing = np.sin(bulged), np.cos(bulged)
    length = np.sqrt(across**2 + slope**2 + facing**2)
    normal = np.stack([across, -slope, facing], axis=-1) / length[..., None]
    cloth = _cloth(balloon, gore, v)
    colour = _lit(cloth, normal, facing)
    seam = np.exp(-(((0.5 - np.abs(inside)) * np.cos(longitude) / 0.055) ** 2))
    strength = np.clip(balloon.radius / 110, 0.25, 1)
    colour *= (1 - 0.30 * strength * seam)[..., None]
    for height in (-0.93, -0.55, 0.05, 0.62, 1.08):
        tape = np.exp(-(((v - height - 0.02 * inside**2) / 0.007) ** 2))
        colour *= (1 - 0.16 * strength * tape)[..., None]
    colour *= mix(np.ones(3), np.array([0.55, 0.52, 0.55]), smoothstep(1.30, 1.5, v))
    mouth = 0.20 * MOUTH_RADIUS * np.sqrt(np.clip(1 - (u / MOUTH_RADIUS) ** 2, 0, 1))
    outline = np.minimum(width - np.abs(u), np.minimum(v + 1.0, MOUTH + mouth - v))
    return colour, _cover(outline, v, width, u)


def _cover(outline: Floats, v: Floats, width: Floats, u: Floats) -> Floats:
    """The envelope's coverage; the round part by its own circle, so that the top is smooth."""
    disc = np.where(v < CONE_FROM, (1 - np.hypot(u, v)), (width - np.abs(u)) * 0.819)
    return implicit_coverage(as_floats(np.where(v < CONE_FROM, disc, np.minimum(disc, outline))))


def _cloth(balloon: Balloon, gore: Floats, v: Floats) -> Floats:
    """The envelope's own colours: light and deep gores, and the pattern."""
    number = np.floor(gore)
    light, deep = hex_colour(balloon.light), hex_colour(balloon.deep)
    tone = as_floats(np.mod(number, 2))
    cloth = mix(light, deep, tone)
    accent = hex_colour(balloon.accent)
    soft = 0.012
    if balloon.pattern == "belt":
        zigzag = 0.30 + 0.09 * (2 * np.abs(gore - number - 0.5) - 0.5)
        cloth = mix(cloth, accent, smoothstep(0.062 + soft, 0.062 - soft, np.abs(v - zigzag)))
        cloth = mix(cloth, accent, smoothstep(0.014 + soft, 0.014, np.abs(v - zigzag + 0.115)))
    elif balloon.pattern == "spiral":
        wave = np.mod(gore * 0.25 + v * 2.2, 1)
        cloth = mix(light, deep, smoothstep(0.5 - soft, 0.5 + soft, wave))
        cloth = mix(cloth, accent, smoothstep(0.08, 0.06, np.abs(wave - 0.25)))
    elif balloon.pattern == "crown":
        edge = -0.52 + 0.10 * np.cos(2 * np.pi * (gore - number - 0.5))
        cloth = mix(
            cloth, accent, smoothstep(edge.max() - 0.02, edge.max() - 0.06, v - edge + 0.42)
        )
    elif balloon.pattern == "rings":
        for height, half in ((-0.34, 0.022), (0.34, 0.05), (0.47, 0.016)):
            cloth = mix(cloth, accent, smoothstep(half + soft, half - soft, np.abs(v - height)))
    return cloth


def _lit(cloth: Floats, normal: Floats, facing: Floats) -> Floats:
    """Cloth in a low sun: lit, lit through from behind, filled by sky and ground, a faint sheen."""
    toward = normal @ SUN
    direct = smoothstep(-0.25, 1.05, toward) * 0.92
    through = 0.16 * np.clip(0.55 - toward, 0, 1) ** 2
    fill = 0.5 - 0.5 * normal[..., 1:2]
    ambient = SKY_FILL * fill + GROUND_FILL * (1 - fill)
    edge = 1 - np.clip(facing, 0, 1)
    ambient = ambient * (1 - 0.30 * edge[..., None] ** 2)
    colour = cloth * (WARM * direct[..., None] + ambient) + cloth * cloth * 1.6 * through[..., None]
    half = SUN + np.array([0, 0, 1], np.float32)
    half /= np.linalg.norm(half)
    sheen = 0.10 * np.clip(normal @ half, 0, 1) ** 26
    return as_floats(colour + WARM * sheen[..., None])


def _rigging(canvas: Canvas, u: Floats, v: Floats, r: float) -> list[tuple[Floats, Floats]]:
    """Ropes, basket and burner, back to front, as colour and coverage."""
    top, bottom, half, foot = 1.86, 2.06, 0.105, 0.088
    shape = u.shape
    ropes = np.zeros(shape, np.float32)
    for left in (-0.86, -0.30, 0.30, 0.86):
        ends = ((left * MOUTH_RADIUS, MOUTH - 0.02), (left * half, top + 0.02))
        ropes = np.maximum(ropes, _stroke(canvas, ends, u, v, r))
    frame = np.abs(u) - 0.045
    burner = coverage(-np.maximum(frame, np.abs(v - 1.70) - 0.016) * r, canvas.density)
    down = np.clip((v - top) / (bottom - top), 0, 1)
    side = half + (foot - half) * down
    body = np.maximum(np.abs(u) - side, np.maximum(top - v, v - bottom)) * r
    basket = coverage(1.2 - body * 1.0 - 0.6, canvas.density)
    weave = 0.86 + 0.14 * np.sin(v * 150) * np.sin(u * 120)
    round_side = np.clip(0.62 - 0.62 * u / half, 0.12, 1.2)
    wicker = hex_colour("7a4f2b") * (weave * round_side)[..., None] * 1.5
    rim = np.exp(-(((v - top - 0.012) / 0.014) ** 2))
    wicker = mix(wicker, hex_colour("2c1b12"), 0.8 * rim)
    dark = np.broadcast_to(hex_colour("33241c"), (*shape, 3))
    return [(dark, ropes * 0.8), (dark, burner), (wicker, basket)]


def _stroke(
    canvas: Canvas,
    ends: tuple[tuple[float, float], tuple[float, float]],
    u: Floats,
    v: Floats,
    r: float,
) -> Floats:
    """A thin straight line between two places, in radii."""
    (x1, y1), (x2, y2) = ends
    along = np.clip(
        ((u - x1) * (x2 - x1) + (v - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2), 0, 1
    )
    distance = np.hypot(u - x1 - along * (x2 - x1), v - y1 - along * (y2 - y1)) * r
    return coverage(0.35 + r / 260 - distance, canvas.density)


SCENE = Scene(
    name="balloons",
    settings=Settings(
        title="Keep one colour",
        description="Twelve balloons at sunrise: only the red ones keep their colour.",
        masks=("balloons.png",),
        expression="red > 50%",
        effect="grey",
        effect_on="everything else",
    ),
    draw=draw,
)
