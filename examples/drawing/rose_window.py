"""A rose window of 109 panes, its masks a grey label map: the twelve largest panes are inverted."""

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
    reduce,
    smoothstep,
)
from drawing.scene import Drawing, Scene, Settings

FINER = 2
CENTRE = (800.0, 532.0)
RADIUS = 478.0
RIM = 1.012  # where the stone ring begins, in radii
LAMP = np.array([-0.50, -0.62, 0.60], np.float32)
SKY = hex_colour("fff3dc")


@dataclass(frozen=True)
class Panes:
    """A ring of equal panes.

    Args:
        count: How many go round.
        offset: Of the first from the vertical, in panes.
        shape: "sector", "petal" or "disc".
        near: Inner radius, or the middle of a disc, in radii of the window.
        far: Outer radius, or the radius of a disc.
        colours: Of the glass, in turn, as hex digits.
    """

    count: int
    offset: float
    shape: str
    near: float
    far: float
    colours: tuple[str, ...]


RINGS = (
    Panes(1, 0.0, "disc", 0.0, 0.098, ("f0a81c",)),
    Panes(12, 0.5, "sector", 0.122, 0.225, ("b3121f", "e08a14")),
    Panes(12, 0.0, "petal", 0.252, 0.548, ("0f2f9e", "14409f")),
    Panes(12, 0.5, "disc", 0.640, 0.0415, ("e6a01a",)),
    Panes(12, 0.0, "disc", 0.785, 0.0880, ("a80f1e", "b51a16")),
    Panes(12, 0.5, "disc", 0.785, 0.0880, ("0f7a4a", "12705e")),
    Panes(24, 0.5, "disc", 0.868, 0.0215, ("e8b022",)),
    Panes(24, 0.0, "sector", 0.908, 0.990, ("5a2a9c", "1c5fb8", "b01a3a", "1c5fb8")),
)


def draw(scale: float) -> Drawing:
    """Wall, tracery and glass; each pane has its own number in the mask."""
    canvas = Canvas(scale * FINER)
    window = canvas.window()
    inside, numbers, glass = _panes(window)
    light = _glass(canvas, window, inside, glass)
    pane = coverage(inside, canvas.density)
    shining = light * pane[..., None]
    spill = canvas.blur(shining, 130) + 0.16 * canvas.blur(shining, 12)
    canvas.light[:] = _stone(canvas, window, inside, spill)
    canvas.over(window, light, pane)
    canvas.light += 0.10 * canvas.blur(np.maximum(canvas.light - 0.15, 0), 7)
    canvas.light += 0.03 * canvas.blur(canvas.light, 60)
    photo = develop(reduce(canvas.light, FINER), seed=14, exposure=1.08)
    return Drawing(photo, {"panes.png": _labels(numbers, inside, scale)})


def _labels(numbers: Floats, inside: Floats, scale: float) -> np.ndarray:
    """The panes' numbers at the photo's size: each pixel has that of its upper left quarter."""
    height, width = round(SHEET_HEIGHT * scale), round(SHEET_WIDTH * scale)
    labels = np.where(reduce(coverage(inside, scale * FINER), FINER) > 0.5, 1, 0)
    return (labels * numbers[: height * FINER : FINER, : width * FINER : FINER]).astype(np.uint8)


def _panes(window: Window) -> tuple[Floats, Floats, Floats]:
    """Distance inside the nearest pane (units, outside < 0), its number, its glass's colour."""
    x, y = (window.x - CENTRE[0]) / RADIUS, (window.y - CENTRE[1]) / RADIUS
    inside = np.full(x.shape, -9, np.float32)
    numbers = np.zeros(x.shape, np.float32)
    glass = np.zeros((*x.shape, 3), np.float32)
    first = 1
    for ring in RINGS:
        angle = np.arctan2(x, -y) * (ring.count / (2 * np.pi)) - ring.offset
        place = np.mod(np.round(angle), ring.count)
        turned = (angle - np.round(angle)) * (2 * np.pi / ring.count)
        away = np.hypot(x, y)
        reach = _reach(ring, as_floats(away * np.sin(turned)), as_floats(away * np.cos(turned)))
        here = reach > inside
        inside = np.where(here, reach, inside)
        numbers = np.where(here, first + place, numbers)
        colours = np.stack([hex_colour(colour) for colour in ring.colours])
        glass[here] = colours[(place.astype(int) % len(colours))[here]]
        first += ring.count
    return as_floats(inside * RADIUS), as_floats(numbers), glass


def _reach(ring: Panes, aside: Floats, outward: Floats) -> Floats:
    """Distance inside the outline of a ring's pane, in radii of the window."""
    gap = 0.0085
    half_angle = np.pi / ring.count
    if ring.shape == "disc":
        return as_floats(ring.far - np.hypot(aside, outward - ring.near))
    wedge = outward * np.sin(half_angle) - np.abs(aside) * np.cos(half_angle) - gap
    away = np.hypot(aside, outward)
    if ring.shape == "sector":
        return as_floats(np.minimum(wedge, np.minimum(away - ring.near, ring.far - away)))
    wedge -= 0.006
    top = ring.far * np.sin(half_angle) - gap - 0.006
    arch = top - np.hypot(aside, outward - ring.far)
    beyond = outward * np.cos(half_angle) + np.abs(aside) * np.sin(half_angle)
    body = np.where(beyond < ring.far * np.cos(half_angle), wedge, arch)
    return as_floats(np.minimum(body, away - ring.near))


def _glass(canvas: Canvas, window: Window, inside: Floats, colour: Floats) -> Floats:
    """Sky through old glass: streaks, bubbles, uneven panes, dirt in the corners, painted lines."""
    x, y = window.x - CENTRE[0], window.y - CENTRE[1]
    sky = 1.35 - 0.00075 * y - 0.00045 * x + 0.10 * noise.clouds(canvas, 300, 81, octaves=3)
    streaks = noise.clouds(canvas, 26, 82, octaves=5, stretch=0.3)
    waves = noise.clouds(canvas, 70, 83, octaves=3)
    bubbles = smoothstep(2.0, 2.9, noise.clouds(canvas, 5, 84, octaves=1))
    strength = sky * (1 + 0.13 * streaks + 0.12 * waves + 0.16 * bubbles)
    light = colour * 1.32 * strength[..., None]
    pale = smoothstep(0.6, 2.4, streaks + waves)
    light = mix(light, light * 1.05 + SKY * 0.022, pale)
    dirt = 0.40 + 0.60 * smoothstep(0, 13, inside + 2.0 * streaks)
    return as_floats(light * (dirt * _painting(x, y))[..., None])


def _painting(x: Floats, y: Floats) -> Floats:
    """Lines of dark enamel in the petals and the middle."""
    away = np.hypot(x, y) / RADIUS
    turned = np.arctan2(x, -y) * 6 / np.pi
    turned = (turned - np.round(turned)) * np.pi / 6
    aside, outward = away * np.sin(turned), away * np.cos(turned)
    ink = np.zeros_like(away)
    width = 0.0038
    petal = (away > 0.25) & (away < 0.69)
    bud = np.hypot(aside, outward - 0.553)
    scallops = 0.083 + 0.010 * np.abs(np.cos(6 * np.arctan2(aside, outward - 0.553)))
    for circle in (np.abs(bud - 0.030), np.abs(bud - 0.058), np.abs(bud - scallops), bud - 0.010):
        ink = np.maximum(ink, petal * smoothstep(width, width * 0.4, circle))
    stalk = np.where((outward > 0.262) & (outward < 0.491), np.abs(aside), 1)
    ink = np.maximum(ink, petal * smoothstep(width, width * 0.4, stalk))
    leaves = petal & (outward > 0.275) & (outward < 0.462)
    vein = np.abs(np.mod((outward - 1.1 * np.abs(aside)) / 0.046, 1) - 0.5) * 0.046 * 0.67
    vein = np.where(np.abs(aside) < 0.205 * outward - 0.026, vein, 1)
    ink = np.maximum(ink, leaves * smoothstep(width, width * 0.4, vein))
    edge = np.abs(np.abs(aside) - (0.205 * outward - 0.024))
    ink = np.maximum(ink, leaves * smoothstep(width, width * 0.4, edge))
    for ring, offset in ((0.0, 0.0), (0.5, np.pi / 12)):
        disc = _rosette(x, y, ring, offset)
        ink = np.maximum(ink, smoothstep(width, width * 0.4, disc))
    lobes = 0.060 + 0.016 * np.cos(8 * np.arctan2(x, -y))
    ink = np.maximum(ink, (away < 0.1) * smoothstep(width, width * 0.4, np.abs(away - lobes)))
    ink = np.maximum(ink, (away < 0.1) * smoothstep(width, width * 0.4, np.abs(away - 0.022)))
    return as_floats(1 - 0.72 * ink)


def _rosette(x: Floats, y: Floats, offset: float, turn: float) -> Floats:
    """Distance to the lines of the flowers in every other of the outer discs."""
    step = np.pi / 6
    angle = np.arctan2(x, -y) - offset * step
    angle = angle - np.round(angle / step) * step
    away = np.hypot(x, y) / RADIUS
    aside, outward = away * np.sin(angle), away * np.cos(angle) - 0.785
    near = np.hypot(aside, outward)
    around = np.arctan2(aside, outward) + turn
    flower = 0.046 + 0.016 * np.abs(np.cos(around * (3 if offset else 2)))
    lines = np.minimum(np.abs(near - flower), np.abs(near - 0.017))
    return as_floats(np.where(near < 0.08, lines, 1))


def _stone(canvas: Canvas, window: Window, inside: Floats, spill: Floats) -> Floats:
    """Wall, ring and tracery, dim but for a little daylight and what comes through the glass."""
    x, y = window.x - CENTRE[0], window.y - CENTRE[1]
    away = np.hypot(x, y) / RADIUS
    grit = noise.clouds(canvas, 7, 86, octaves=4)
    stains = noise.clouds(canvas, 160, 87, octaves=5)
    bars = as_floats(np.clip(-inside, 0, 5.5))
    tracery = np.sqrt(np.clip(1 - ((5.5 - bars) / 5.5) ** 2, 0, 1)) * 4.0
    ring = _moulding(away)
    joints, tone = _ashlar(x, y, away)
    wall = 1.1 * stains - 3.2 * joints
    height = np.where(away < RIM, tracery, np.where(away < 1.1, ring, wall)) + 0.16 * grit
    down, across = (as_floats(g) * canvas.density for g in np.gradient(as_floats(height)))
    normal = np.stack([-across, -down, np.ones_like(across)], axis=-1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    toward = np.clip(normal @ LAMP, 0, None)
    stone = hex_colour("a39482") * (tone * (1 + 0.05 * stains + 0.05 * grit))[..., None]
    daylight = hex_colour("f0dcc2") * (0.035 + 0.40 * toward**1.5)[..., None]
    daylight = daylight * np.where(away < RIM, 0.38, 1.0)[..., None]
    fade = 0.42 + 0.75 * np.exp(-np.hypot(x + 620, y + 420) / 620)
    shade = 1 - 0.55 * np.exp(-(((away - 1.105) / 0.018) ** 2)) - 0.35 * joints
    return as_floats(
        stone
        * (daylight * fade[..., None] + spill * np.where(away < RIM, 0.16, 1.2)[..., None])
        * shade[..., None]
    )


def _moulding(away: Floats) -> Floats:
    """The height of the stone ring around the glass: three rolls and a hollow."""
    height = np.zeros_like(away)
    for middle, half in ((1.026, 0.013), (1.053, 0.013), (1.083, 0.016)):
        height += np.sqrt(np.clip(1 - ((away - middle) / half) ** 2, 0, 1)) * half * RADIUS * 0.9
    return as_floats(height)


def _ashlar(x: Floats, y: Floats, away: Floats) -> tuple[Floats, Floats]:
    """Joints of the wall's blocks (0..1), wedges around the ring, and each block's tone."""
    course = np.floor(y / 104)
    along = x / 196 + 0.5 * np.mod(course, 2) + 0.17 * np.sin(course * 2.4)
    flat = np.minimum(
        np.abs(np.mod(along + 0.5, 1) - 0.5) * 196, np.abs(np.mod(y / 104 + 0.5, 1) - 0.5) * 104
    )
    turn = np.arctan2(x, -y) * 18 / np.pi
    wedge = np.minimum(
        np.abs(np.mod(turn + 0.5, 1) - 0.5) * away * RADIUS * np.pi / 18,
        np.abs(away - 1.27) * RADIUS,
    )
    around = away < 1.27
    joints = np.exp(-((np.where(around, wedge, flat) / 2.0) ** 2)) * (away > 1.1)
    key = np.where(around, np.floor(turn) * 3.7 + 1, np.floor(along) * 5.1 + course * 2.3)
    tone = 1 + 0.09 * np.sin(key * 12.9898)
    return as_floats(joints), as_floats(np.where(away > 1.1, tone, 1))


SCENE = Scene(
    name="rose-window",
    settings=Settings(
        title="Choose by size in a label map",
        description="A hundred numbered panes: the twelve largest turn from blue to gold.",
        masks=("panes.png",),
        expression="@rank <= 12",
        effect="invert",
        effect_on="filtered",
        feather=2,
        drop_size=4,
    ),
    draw=draw,
)
