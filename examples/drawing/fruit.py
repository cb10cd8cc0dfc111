"""A still life whose edited version turned everything to gold: only the large red fruit takes it.

The edited version changed the wall and the table as well, as editing models do. The masks are one
picture with a colour for each fruit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from drawing import noise, solids
from drawing.canvas import (
    SHEET_HEIGHT,
    SHEET_WIDTH,
    Canvas,
    Floats,
    as_floats,
    coverage,
    develop,
    hex_colour,
    mix,
    reduce,
    smoothstep,
)
from drawing.scene import Drawing, Scene, Settings, spread_palette
from drawing.solids import Ball, Eye, unit

FINER = 2
EYE = Eye(place=(0.1, 3.1, -10.2), target=(0.1, 0.72, 0.6), zoom=1880)
SUN = unit(np.array([-0.66, 0.60, -0.45], np.float32))
SUN_COLOUR = hex_colour("ffe8c8") * 2.35
ROOM = hex_colour("b9c6da") * 0.42
BOUNCE = hex_colour("d9a877") * 0.26
WALL = 3.6
GOLD = np.array([1.0, 0.60, 0.13], np.float32)


@dataclass(frozen=True)
class Fruit:
    """One fruit.

    Args:
        kind: Whose shape and skin it has.
        x: Of its middle.
        z: Of its middle.
        size: Its radius.
        colour: Of its skin, as hex digits.
        second: What the skin turns to in places.
        turn: About the upright axis, in radians.
    """

    kind: str
    x: float
    z: float
    size: float
    colour: str
    second: str
    turn: float = 0.0

    @property
    def low(self) -> float:
        """How far its middle is above the table, in sizes."""
        return {"apple": 0.78, "pear": 0.96}.get(self.kind, 1.0)

    @property
    def middle(self) -> tuple[float, float, float]:
        """Its middle in space."""
        return self.x, self.size * self.low, self.z


FRUIT = (  # far to near
    Fruit("orange", 0.92, 2.25, 0.64, "e97710", "d9640a", 0.4),
    Fruit("lemon", 3.32, 1.75, 0.50, "f2ce25", "d9bf2a", 0.5),
    Fruit("apple", -0.32, 1.55, 0.86, "8fae2f", "a9bf4a", 1.3),
    Fruit("pear", -2.62, 1.15, 0.74, "b9b53a", "96a530", 0.5),
    Fruit("apple", 1.86, 0.92, 0.84, "b50d14", "8f0610", 0.2),
    Fruit("apple", -1.42, 0.22, 0.88, "c01018", "96070f", 2.2),
    Fruit("plum", -3.22, 0.05, 0.42, "3d1f63", "54307e", 0.7),
    Fruit("orange", 3.0, -0.22, 0.66, "ee8014", "dc6a0c", 2.0),
    Fruit("apple", 0.56, -0.40, 0.92, "c9141c", "a00a12", 4.0),
    Fruit("plum", -2.48, -0.55, 0.44, "452468", "5b3786", -0.5),
    Fruit("plum", 1.86, -1.08, 0.43, "3a1c5e", "4f2c78", 0.2),
    Fruit("lemon", -0.66, -1.42, 0.46, "f5d22c", "dcc233", -0.6),
    Fruit("cherry", 2.92, -1.62, 0.185, "8f0712", "6d0410"),
    Fruit("cherry", 2.58, -1.86, 0.19, "9c0914", "74050f"),
    Fruit("cherry", -1.98, -1.62, 0.19, "98081a", "700612"),
    Fruit("cherry", -1.58, -1.84, 0.185, "8c0714", "6a0410"),
    Fruit("cherry", -1.72, -1.34, 0.18, "960915", "6c0510"),
)
SHAPES = {
    "apple": solids.apple,
    "pear": solids.pear,
    "lemon": solids.lemon,
    "plum": solids.plum,
    "orange": solids.ball,
    "cherry": solids.ball,
}
STEMS = {  # number of the fruit: the stem's bend and end, from the fruit's top, in space
    2: ((0.03, 0.18, 0.0), (0.16, 0.34, 0.0)),
    3: ((0.04, 0.20, 0.0), (0.20, 0.40, 0.0)),
    4: ((0.0, 0.18, 0.0), (-0.14, 0.36, 0.0)),
    5: ((0.02, 0.20, 0.0), (0.20, 0.36, 0.0)),
    8: ((-0.02, 0.20, 0.0), (-0.17, 0.40, 0.0)),
    12: ((0.10, 0.55, 0.2), (0.52, 0.86, 0.3)),
    13: ((0.20, 0.60, 0.2), (0.86, 0.86, 0.54)),
    14: ((0.05, 0.45, 0.1), (-0.30, 0.80, 0.2)),
    15: ((-0.10, 0.55, 0.1), (-0.70, 0.82, 0.42)),
}


def draw(scale: float) -> Drawing:
    """The still life, the golden version of it, and a colour for each fruit."""
    canvas, golden = Canvas(scale * FINER), Canvas(scale * FINER)
    _room(canvas, golden)
    numbers = np.zeros((round(SHEET_HEIGHT * scale), round(SHEET_WIDTH * scale)), np.intp)
    for number in range(len(FRUIT)):
        cover = _fruit(canvas, golden, number)
        numbers[reduce(cover, FINER) > 0.5] = number + 1
    photo, edited = (
        develop(reduce(c.light + 0.05 * c.blur(c.light, 14), FINER), seed=13)
        for c in (canvas, golden)
    )
    palette = np.array(spread_palette(len(FRUIT)), np.uint8)
    return Drawing(photo, {"fruit.png": palette[numbers]}, edited)


def _balls() -> list[Ball]:
    """For every fruit the sphere that shades its neighbours."""
    sizes = {"apple": 0.93, "pear": 0.97, "lemon": 1.05, "plum": 1.05}
    return [Ball(fruit.middle, fruit.size * sizes.get(fruit.kind, 1.0)) for fruit in FRUIT]


def _window_light(places: Floats) -> Floats:
    """How much sun comes through the window's panes to the places."""
    across = unit(np.cross(np.array([0, 1, 0], np.float32), SUN))
    up = np.cross(SUN, across)
    a, b = places @ as_floats(across), places @ as_floats(up)
    soft = 0.10
    column = np.abs(np.mod((a + 5.15) / 3.1, 1) - 0.5) * 3.1
    row = np.abs(np.mod((b + 1.05) / 2.6, 1) - 0.5) * 2.6
    bars = smoothstep(1.55 - 0.06 + soft, 1.55 - 0.06 - soft, column) * smoothstep(
        1.3 - 0.06 + soft, 1.3 - 0.06 - soft, row
    )
    frame = smoothstep(-5.15 - soft, -5.15 + soft, a) * smoothstep(4.15 + soft, 4.15 - soft, a)
    frame = (
        frame * smoothstep(-3.65 - soft, -3.65 + soft, b) * smoothstep(4.15 + soft, 4.15 - soft, b)
    )
    return as_floats(bars * frame)


def _surround(directions: Floats) -> Floats:
    """The room as a shiny surface mirrors it: dim walls, the bright window with its bars."""
    x, y, z = directions[..., 0], directions[..., 1], directions[..., 2]
    wall = hex_colour("6d6258") * (0.35 + 0.45 * np.clip(0.5 + 0.5 * y, 0, 1))[..., None]
    wall = wall + hex_colour("c8d4e6") * (0.22 * np.clip(-x, 0, 1) ** 2)[..., None]
    facing = np.maximum(-0.74 * x - 0.66 * z, 1e-3)
    across, up = (0.66 * x - 0.74 * z) / facing, y / facing
    pane = _bar(across + 0.05, 0.52) * _bar(up - 0.62, 0.50)
    cross = (1 - np.exp(-(((across + 0.05) / 0.035) ** 2))) * (
        1 - np.exp(-(((up - 0.62) / 0.035) ** 2))
    )
    ahead = smoothstep(0.0, 0.1, -0.74 * x - 0.66 * z)
    return as_floats(wall + hex_colour("fff4e2") * (5.5 * pane * cross * ahead)[..., None])


def _bar(value: ArrayLike, half: float) -> Floats:
    return smoothstep(half + 0.05, half - 0.05, np.abs(as_floats(value)))


def _room(canvas: Canvas, golden: Canvas) -> None:
    """Wall and table, shaded by the fruit; in the edited version another wall, a darker table."""
    window = canvas.window()
    rays = EYE.rays(window)
    start = as_floats(EYE.place)
    to_table = start[1] / np.maximum(-rays[..., 1], 1e-4)
    to_wall = (WALL - start[2]) / rays[..., 2]
    on_table = coverage((to_wall - to_table) * 90, canvas.density)
    places = start + rays * np.minimum(to_table, to_wall)[..., None]
    flat = (on_table > 0.5).astype(np.float32)
    normal = np.stack([np.zeros_like(flat), flat, flat - 1], axis=-1)
    sun = _window_light(places) * solids.sunlit(places, _balls(), SUN)
    sun *= np.where(flat > 0, SUN[1], -SUN[2])
    free = solids.openness(places, normal, _balls())
    corner = 1 - 0.45 * np.exp(
        -np.abs(np.where(flat > 0, WALL - places[..., 2], places[..., 1])) / 0.5
    )
    falloff = np.exp(-np.maximum(places[..., 0] + 3, 0) / 11)
    light = SUN_COLOUR * sun[..., None]
    light = light + ROOM * (free * corner * falloff * np.where(flat > 0, 0.95, 0.85))[..., None]
    light = light + BOUNCE * (free * 0.30)[..., None]
    wood, plaster = _wood(places), _plaster(places)
    gloss = _table_gloss(rays, free)
    canvas.light[:] = mix(plaster, wood, on_table) * light + gloss * on_table[..., None]
    other_wall = plaster / hex_colour("cdbfae") * hex_colour("2f6f73")
    other_wood = wood * np.array([0.62, 0.50, 0.46])
    golden.light[:] = mix(other_wall, other_wood, on_table) * light + gloss * on_table[..., None]


def _plaster(places: Floats) -> Floats:
    stains = noise.field(places[..., 0] * 0.5, places[..., 1] * 0.5, 61, octaves=5)
    trowel = noise.field(places[..., 0] * 3, places[..., 1] * 5, 62, octaves=4)
    return as_floats(hex_colour("cdbfae") * (1 + 0.035 * stains + 0.022 * trowel)[..., None])


def _wood(places: Floats) -> Floats:
    """Oak planks along x."""
    x, z = places[..., 0], places[..., 2]
    plank = np.floor((z + 20.35) / 1.5)
    within = np.mod(z + 20.35, 1.5)
    shift = plank * 17.3
    wander = noise.field(x * 0.22 + shift, z * 1.1 + shift, 63, octaves=3)
    rings = 0.5 + 0.5 * np.sin(9 * z + 5.5 * wander + shift)
    fibre = noise.field(x * 1.6 + shift, z * 34, 64, octaves=3)
    pores = smoothstep(0.9, 2.2, noise.field(x * 2.4 + shift, z * 60, 65, octaves=2))
    tone = 0.93 + 0.14 * np.mod(plank * 0.618, 1)
    wood = mix(hex_colour("a0744a"), hex_colour("815a37"), rings * 0.75)
    wood = wood * ((1 + 0.09 * fibre - 0.28 * pores) * tone)[..., None]
    joint = np.exp(-((np.minimum(within, 1.5 - within) / 0.013) ** 2))
    return as_floats(wood * (1 - 0.72 * joint)[..., None])


def _table_gloss(rays: Floats, free: Floats) -> Floats:
    """A dull shine of oiled wood towards the wall."""
    grazing = np.clip(1 + rays[..., 1], 0, 1) ** 4
    return as_floats(hex_colour("cdbfae") * (0.10 * grazing * free)[..., None] * 0.55)


def _fruit(canvas: Canvas, golden: Canvas, number: int) -> Floats:
    """Paint one fruit into both versions; its coverage, on a plane of the canvas's size."""
    fruit = FRUIT[number]
    x, y, scale = EYE.project(fruit.middle)
    reach = 1.45 * fruit.size * scale
    window = canvas.window(x - reach, y - reach * 1.6, x + reach, y + reach)
    rays = EYE.rays(window)
    flat_rays = rays.reshape(-1, 3)
    away = float(np.linalg.norm(as_floats(fruit.middle) - as_floats(EYE.place)))
    pixel = 1 / (scale * canvas.density)
    distance = _placed(fruit)
    places, cover = solids.march(
        distance,
        as_floats(EYE.place),
        flat_rays,
        away - 2.2 * fruit.size,
        away + 2.2 * fruit.size,
        pixel,
    )
    inside = np.flatnonzero(cover > 0)
    natural, metal = np.zeros_like(flat_rays), np.zeros_like(flat_rays)
    seen = places[inside]
    normal = solids.normals(distance, seen, 2e-3 * fruit.size)
    natural[inside], metal[inside] = _lit(number, seen, normal, flat_rays[inside])
    shape = rays.shape
    area = cover.reshape(shape[:2])
    canvas.over(window, natural.reshape(shape), area)
    golden.over(window, metal.reshape(shape), area)
    plane = canvas.plane()
    plane[window.rows, window.columns] = area
    if number in STEMS:
        _stem(canvas, golden, number, plane)
    return plane


def _own_frame(fruit: Fruit, places: Floats) -> Floats:
    """Places in space as seen from the fruit: its middle 0, its radius 1, its turn undone."""
    offset = (places - as_floats(fruit.middle)) / np.float32(fruit.size)
    cos, sin = np.cos(fruit.turn), np.sin(fruit.turn)
    x, z = offset[:, 0] * cos + offset[:, 2] * sin, -offset[:, 0] * sin + offset[:, 2] * cos
    return as_floats(np.stack([x, offset[:, 1], z], axis=-1))


def _placed(fruit: Fruit) -> solids.Distance:
    shape = SHAPES[fruit.kind]
    return lambda places: as_floats(shape(_own_frame(fruit, places)) * fruit.size)


def _lit(number: int, places: Floats, normal: Floats, rays: Floats) -> tuple[Floats, Floats]:
    """Colours of a fruit's surface: as it is, and as gold."""
    fruit = FRUIT[number]
    own = _own_frame(fruit, places)
    balls = _balls()
    rest = [index for index in range(len(FRUIT)) if index != number]
    others = [balls[index] for index in rest]
    plain_normal = normal
    skin, normal, shine = _skin(fruit, own, normal)
    sun = _window_light(places) * solids.sunlit(places, others, SUN)
    facing = normal @ SUN
    lambert = smoothstep(-0.10, 1.0, facing) * np.clip(facing + 0.1, 0, 1) ** 0.35
    free = solids.openness(places, normal, others)
    under = smoothstep(-0.02, 0.75 * fruit.size, places[:, 1] + 0.25 * fruit.size * normal[:, 1])
    up = 0.5 + 0.5 * normal[:, 1]
    left = 0.5 - 0.5 * normal[:, 0]
    light = SUN_COLOUR * (sun * lambert)[:, None]
    light = light + ROOM * (free * under * (0.25 + 0.55 * up + 0.45 * left))[:, None]
    light = light + BOUNCE * ((1 - up) * (0.35 + 0.65 * under) * (0.4 + 0.6 * free))[:, None]
    mirror = _mirror(rays, normal)
    near = (0.35 + 0.65 * free)[:, None]
    surround = _mirrored(places, mirror, others, [hex_colour(FRUIT[i].colour) for i in rest]) * near
    grazing = np.clip(1 + (rays * normal).sum(-1), 0, 1) ** 5
    fresnel = (0.035 + 0.5 * grazing * under) * shine
    natural = skin * light * 0.95 + surround * fresnel[:, None]
    smooth = _mirror(rays, unit(normal + 2 * plain_normal))
    gilded = _mirrored(places, smooth, others, [GOLD] * len(rest)) * near
    lobe = np.clip(smooth @ SUN, 0, 1)
    glow = sun * (0.34 * np.clip(facing, 0, 1) + 0.55 * lobe**5 + 2.0 * lobe**50)
    dim = 0.30 + 0.70 * under
    metal = GOLD * (gilded * 0.85 * dim[:, None] + SUN_COLOUR * 0.62 * glow[:, None])
    metal = metal + 0.10 * gilded * grazing[:, None]
    return as_floats(natural), as_floats(metal)


def _mirror(rays: Floats, normal: Floats) -> Floats:
    return unit(rays - 2 * (rays * normal).sum(-1, keepdims=True) * normal)


def _mirrored(
    places: Floats, directions: Floats, others: list[Ball], skins: list[Floats]
) -> Floats:
    """What a surface mirrors: the room, the table below it, its neighbours in their colours."""
    colour = _surround(directions)
    down = smoothstep(0.02, -0.06, directions[:, 1])
    reach = places[:, 1] / np.maximum(-directions[:, 1], 0.05)
    table = hex_colour("a06a38") * (0.25 + 0.55 * smoothstep(0.1, 1.6, reach))[:, None]
    colour = mix(colour, table, down)
    nearest, squarely = solids.mirrored(places, directions, others)
    for index, skin in enumerate(skins):
        met = (nearest == index) * smoothstep(0, 0.5, squarely[index])
        colour = mix(colour, skin * (0.10 + 0.45 * squarely[index])[:, None], met)
    return colour


def _skin(fruit: Fruit, own: Floats, normal: Floats) -> tuple[Floats, Floats, float]:
    """A fruit's own colour, its normals with the skin's relief, and how shiny it is."""
    x, y, z = own[:, 0], own[:, 1], own[:, 2]
    base, second = hex_colour(fruit.colour), hex_colour(fruit.second)
    blotch = _solid_noise(own * 1.8, 71, 3)
    if fruit.kind == "apple":
        angle = np.arctan2(z, x)
        streaks = noise.field(as_floats(angle * 7), as_floats(y * 0.9), 72, octaves=3)
        skin = mix(base, second, smoothstep(-0.6, 1.6, streaks + 0.5 * blotch))
        crown = np.exp(-((np.hypot(x, z) / 0.30) ** 2)) * (y > 0)
        skin = mix(skin, hex_colour("a88b34"), np.clip(crown * (1.0 + 0.3 * streaks), 0, 0.9))
        dots = smoothstep(2.0, 2.7, _solid_noise(own * 34, 73, 1))
        return mix(skin, hex_colour("e2b07a"), 0.08 * dots), normal, 1.0
    if fruit.kind in ("orange", "lemon"):
        size = 30.0 if fruit.kind == "orange" else 24.0
        pits = [_solid_noise(own * size, seed, 2) for seed in (74, 75, 76)]
        rough = unit(normal + 0.034 * np.stack(pits, axis=-1))
        return mix(base, second, smoothstep(-1.5, 2.0, blotch)), rough, 0.55
    if fruit.kind == "pear":
        freckles = smoothstep(1.4, 2.2, _solid_noise(own * 36, 77, 1))
        skin = mix(base, second, smoothstep(-0.8, 1.2, blotch + 0.4 * y))
        blush = smoothstep(0.2, 1.1, -x + 0.35 * blotch) * 0.35
        return (
            mix(mix(skin, hex_colour("c7843a"), blush), hex_colour("7d6a2a"), 0.3 * freckles),
            normal,
            0.6,
        )
    if fruit.kind == "plum":
        bloom = smoothstep(-0.3, 1.6, blotch + 0.5 * y) * 0.30
        return (
            mix(mix(base, second, smoothstep(-1, 1, blotch)), hex_colour("8d84b8"), bloom),
            normal,
            0.5,
        )
    return mix(base, second, smoothstep(-1, 1.5, blotch)), normal, 1.3


def _solid_noise(own: Floats, seed: int, octaves: int) -> Floats:
    """Noise through space, near enough: three planes' noise added up."""
    x, y, z = (as_floats(own[:, i]) for i in range(3))
    planes = ((x, y + 3), (y + 7, z), (z + 11, x))
    layers = [noise.field(u, v, seed + 100 * i, octaves=octaves) for i, (u, v) in enumerate(planes)]
    return as_floats(sum(layers) / np.sqrt(3))


def _stem(canvas: Canvas, golden: Canvas, number: int, plane: Floats) -> None:
    """A stem from the fruit's dimple: a bent line, thicker at its end, lit from the left."""
    fruit = FRUIT[number]
    top = fruit.size * {"apple": 0.58, "pear": 1.60}.get(fruit.kind, 0.92)
    root = as_floats(fruit.middle) + as_floats((0, top, 0))
    bend, end = (root + np.array(offset) for offset in STEMS[number])
    width = 0.042 if fruit.size > 0.4 else 0.017
    for t in np.linspace(0, 1, 90):
        place = (1 - t) ** 2 * root + 2 * t * (1 - t) * bend + t * t * end
        x, y, scale = EYE.project(place)
        half = width * scale * (0.70 + 0.35 * t**3)
        window = canvas.window(x - 2 * half, y - 2 * half, x + 2 * half, y + 2 * half)
        cover = coverage(half - np.hypot(window.x - x, window.y - y), canvas.density)
        across = np.clip((window.x - x) / half, -1, 1)
        light = (0.95 - 0.75 * across) * (0.55 + 0.45 * t)
        colour = "6b4a26" if fruit.size > 0.4 else "6f7a2e"
        canvas.over(window, hex_colour(colour) * light[..., None] * 1.1, cover)
        shine = (1.0 - 0.85 * across) * (0.4 + 0.4 * t)
        golden.over(window, GOLD * shine[..., None] * 0.62, cover)
        if fruit.size > 0.4:  # a cherry's long stem is none of its segment
            area = plane[window.rows, window.columns]
            np.maximum(area, cover, out=area)


SCENE = Scene(
    name="fruit",
    settings=Settings(
        title="Paste an edit only where it fits",
        description="The edit gilded the whole picture: only the large red fruit takes it.",
        masks=("fruit.png",),
        reference="edited.jpg",
        expression="red > 40% and @share > 1%",
        feather=3,
    ),
    draw=draw,
)
