"""Repeatable noise: clouds, grain of wood, the wobble of a shoreline."""

import cv2
import numpy as np

from drawing.canvas import SHEET_HEIGHT, SHEET_WIDTH, Canvas, Floats, as_floats


def clouds(
    canvas: Canvas,
    cell: float,
    seed: int,
    *,
    octaves: int = 5,
    stretch: float = 1.0,
    gain: float = 0.5,
) -> Floats:
    """Smooth noise over the whole canvas, about 0 with a standard deviation near 1.

    Args:
        canvas: Whose pixels it covers.
        cell: Width of the coarsest swellings, in units.
        seed: The same seed gives the same noise at every density.
        octaves: Layers, each half as coarse as the one before.
        stretch: How much wider than high the swellings are.
        gain: Strength of each layer against the one before.
    """
    random = np.random.default_rng(seed)
    total = canvas.plane()
    strength, power = 1.0, 0.0
    for octave in range(octaves):
        step = cell / 2**octave
        columns = int(np.ceil(SHEET_WIDTH / (step * stretch))) + 3
        rows = int(np.ceil(SHEET_HEIGHT / step)) + 3
        lattice = random.standard_normal((rows, columns), np.float32)
        total += strength * _spread(lattice, canvas, step * stretch, step, random.random(2))
        power += strength * strength
        strength *= gain
    return as_floats(total / (0.65 * np.sqrt(power)))


def _spread(
    lattice: Floats, canvas: Canvas, step_x: float, step_y: float, shift: np.ndarray
) -> Floats:
    """A lattice of values, one a step, as a smooth plane of the canvas's size."""
    scale_x, scale_y = 1 / (step_x * canvas.density), 1 / (step_y * canvas.density)
    matrix = np.array([[scale_x, 0, 0.5 + shift[0]], [0, scale_y, 0.5 + shift[1]]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    size = (canvas.width, canvas.height)
    return as_floats(
        cv2.warpAffine(lattice, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    )


def warped(canvas: Canvas, plane: Floats, shift_x: Floats, shift_y: Floats) -> Floats:
    """A plane as seen through moving air or water: each pixel fetched from a shift away (units)."""
    rows, columns = np.mgrid[: canvas.height, : canvas.width].astype(np.float32)
    return as_floats(
        cv2.remap(
            plane,
            columns + shift_x * canvas.density,
            rows + shift_y * canvas.density,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )
    )


def line(x: Floats, cell: float, seed: int, *, octaves: int = 5, gain: float = 0.5) -> Floats:
    """Smooth noise along one line, at the places x (units): the outline of a hill."""
    random = np.random.default_rng(seed)
    total = np.zeros_like(x)
    strength = 1.0
    for octave in range(octaves):
        step = cell / 2**octave
        knots = random.standard_normal(int(2 * SHEET_WIDTH / step) + 8).astype(np.float32)
        place = np.clip(x / step + 2, 0, len(knots) - 2)
        left = place.astype(int)
        t = place - left
        t = t * t * (3 - 2 * t)
        total += strength * (knots[left] * (1 - t) + knots[left + 1] * t)
        strength *= gain
    return as_floats(total)


def field(u: Floats, v: Floats, seed: int, *, octaves: int = 4, gain: float = 0.5) -> Floats:
    """Smooth noise at the places (u, v) of a plane, coarsest swellings 1 wide; repeats after 256.

    For surfaces that are seen at an angle: a table's grain, the skin of a fruit.
    """
    random = np.random.default_rng(seed)
    padding = -u.size % 1024  # OpenCV looks at no more than 32,767 places in a row
    u_rows, v_rows = (np.pad(plane.reshape(-1), (0, padding)).reshape(-1, 1024) for plane in (u, v))
    total = np.zeros(u_rows.shape, np.float32)
    strength, power = 1.0, 0.0
    for octave in range(octaves):
        lattice = random.standard_normal((256, 256), np.float32)
        shift_u, shift_v = random.uniform(0, 256, 2)
        columns = np.mod(u_rows * 2**octave + shift_u, 256).astype(np.float32)
        rows = np.mod(v_rows * 2**octave + shift_v, 256).astype(np.float32)
        layer = cv2.remap(lattice, columns, rows, cv2.INTER_CUBIC, borderMode=cv2.BORDER_WRAP)
        total += strength * layer
        power += strength * strength
        strength *= gain
    return as_floats(total.reshape(-1)[: u.size].reshape(u.shape) / (0.65 * np.sqrt(power)))
