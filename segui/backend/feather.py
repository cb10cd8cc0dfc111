"""Feathering: a mask's edge made soft by a Gaussian, exact and nearly flat in its radius."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import cv2
import torch
import torch.nn.functional as F  # noqa: N812  the name that everybody uses
from torch import Tensor

Border = Literal["zero", "reflect", "replicate"]
Borders = tuple[Border, Border, Border, Border]  # left, top, right, bottom

IMPACT_SIGMA_PX = 10.0
IMPACT_REACH_PX = 54  # beyond, each weight of that Gaussian is below half of TAP_STEP: it is 0
TAP_STEP = 2.0**-24  # float32 holds every multiple of it from 0 to 1
OPENCV_RADIUS_PX = 12  # on a CPU, OpenCV's filter is the faster one up to about here
# Outputs of one matrix product: fewer are slow calls, more are wasted zeros.
CPU_BLOCK_PX, GPU_BLOCK_PX = 32, 64


@dataclass(frozen=True)
class Gaussian:
    """A Gaussian cut at its radius and normalised.

    Args:
        radius_px: Taps lie at -radius .. radius; 0 changes nothing.
        sigma_px: The standard deviation.
    """

    radius_px: int
    sigma_px: float

    @classmethod
    def smooth(cls, feather_px: int) -> "Gaussian":
        """The smooth edge's: it ends at three sigma, where little is left of it."""
        return cls(feather_px, feather_px / 3)

    @classmethod
    def impact(cls, feather_px: int, size_hw: tuple[int, int]) -> "Gaussian":
        """The reference node's for a crop of that size: sigma is 10 px whatever the feather."""
        taps = 2 * feather_px + 1
        if min(size_hw) <= taps:
            taps = int(min(size_hw) / 2)
            taps += taps % 2 == 0
        return cls(0 if taps < 3 else min(taps // 2, IMPACT_REACH_PX), IMPACT_SIGMA_PX)

    def taps(self) -> Tensor:
        """The weights, float64, (2 radius + 1,), symmetric, their sum 1.

        They are whole multiples of 2^-24, so that float32 adds them without rounding: where all
        of a mask is 1 its blur is exactly 1, and nowhere is one above that.
        """
        x = torch.arange(-self.radius_px, self.radius_px + 1, dtype=torch.float64)
        weights = torch.exp(-((x / self.sigma_px) ** 2) / 2)
        # sums are rounded, not weights: so what a row of them adds up to is off by one step only
        sums = (weights.cumsum(0) / weights.sum())[: self.radius_px]
        steps = torch.diff((sums / TAP_STEP).round(), prepend=sums.new_zeros(1))
        half = steps * TAP_STEP
        return torch.cat((half, 1 - 2 * half.sum(0, keepdim=True), half.flip(0)))


@dataclass(frozen=True)
class Surroundings:
    """What lies around a mask, side by side: left, top, right, bottom.

    Args:
        margins_px: How far the result reaches beyond the mask, over nothing but 0.
        borders: What lies beyond the result: nothing, the result's pixels mirrored without
            repeating the edge, or the edge repeated. Two mirrors opposite each other show
            each other; of a single row they show that row.
    """

    margins_px: tuple[int, int, int, int]
    borders: Borders

    @property
    def across(self) -> "Sides":
        """Left and right."""
        return Sides(self.margins_px[::2], self.borders[::2])

    @property
    def down(self) -> "Sides":
        """Top and bottom."""
        return Sides(self.margins_px[1::2], self.borders[1::2])


class Sides(NamedTuple):
    """The two ends of one axis, first and last."""

    margins_px: tuple[int, ...]
    borders: tuple[Border, ...]

    def length_of(self, mask: Tensor) -> int:
        """The result's, for a mask whose first axis is this one."""
        return sum(self.margins_px) + len(mask)


def feather(mask: Tensor, gaussian: Gaussian, around: Surroundings) -> Tensor:
    """A mask blurred by a Gaussian.

    Args:
        mask: float32, (h, w); or uint8 of 0 and 1 where it ``takes_bytes``, to the same values.
        gaussian: The blur; its radius may be larger than the result.
        around: How far the result reaches beyond the mask, and what lies beyond it.

    Returns:
        float32, (top + h + bottom, left + w + right), on the mask's device; exactly 0 where no
        tap meets anything but 0.
    """
    if gaussian.radius_px == 0:
        return _spread(_spread(mask.T, around.across, 0).rows.T, around.down, 0).rows
    if takes_bytes(gaussian, mask.device):
        return _filter(mask, gaussian, around)
    rows = _multiply(mask.T, gaussian, around.across).T
    return _multiply(rows, gaussian, around.down)


def takes_bytes(gaussian: Gaussian, device: torch.device) -> bool:
    """Whether a mask of bytes can be blurred as it is: a quarter of the memory, and less to do."""
    return device.type == "cpu" and 0 < gaussian.radius_px <= OPENCV_RADIUS_PX


class Run(NamedTuple):
    """Rows side by side, and where on an axis they begin; the result begins at 0."""

    start: int
    rows: Tensor

    @property
    def stop(self) -> int:
        """Where the next row would be."""
        return self.start + self.rows.shape[0]

    def part(self, low: int, high: int) -> "Run":
        """Those of the rows that lie in low .. high, perhaps none."""
        start = min(max(low, self.start), self.stop)
        stop = max(start, min(high, self.stop))
        return Run(start, self.rows[start - self.start : stop - self.start])

    def mirrored(self, centre: int, low: int, high: int) -> "Run":
        """What a mirror through the middle of row ``centre`` shows of them in low .. high."""
        seen = self.part(2 * centre - high + 1, 2 * centre - low + 1)
        return Run(2 * centre - seen.stop + 1, seen.rows.flip(0))


def _join(runs: Sequence[Run]) -> Run:
    """Runs as one, with zeros between them."""
    if len(runs) == 1:
        return runs[0]
    start, stop = min(run.start for run in runs), max(run.stop for run in runs)
    rows = runs[0].rows.new_zeros(stop - start, runs[0].rows.shape[1])
    for run in runs:
        rows[run.start - start : run.stop - start] = run.rows
    return Run(start, rows)


def _known(mask: Tensor, sides: Sides, radius_px: int) -> Run:
    """The mask and all that its borders show of it: every row else is known to be 0.

    Margins are no rows here but distances: a mirror shows the mask as far behind itself as the
    mask lies before it, if the taps reach that far.

    Args:
        mask: What is not known to be 0, blurred along its first axis.
        sides: The margins before and after it, and what lies beyond them.
        radius_px: How far the taps reach beyond the result.
    """
    length = sides.length_of(mask)
    if length == 1 and sides.borders == ("reflect", "reflect"):
        # two mirrors with a single row between them show nothing but that row
        sides = Sides(sides.margins_px, ("replicate", "replicate"))
    line = _repeat(mask, sides, radius_px)
    centres, shifts = _mirrors(sides.borders, length, radius_px)
    low, high = -radius_px, length + radius_px
    seen = [Run(line.start + shift, line.rows).part(low, high) for shift in shifts]
    seen += [line.mirrored(centre, low, high) for centre in centres]
    return _join([run for run in seen if len(run.rows)])


def _repeat(mask: Tensor, sides: Sides, radius_px: int) -> Run:
    """The mask in its place, its own edge repeated where it reaches an end that does so."""
    before, after = sides.margins_px
    runs = [Run(before, mask)]
    if sides.borders[0] == "replicate" and before == 0:
        runs.append(Run(-radius_px, mask[:1].expand(radius_px, -1)))
    if sides.borders[1] == "replicate" and after == 0:
        runs.append(Run(sides.length_of(mask), mask[-1:].expand(radius_px, -1)))
    return _join(runs)


def _mirrors(
    borders: tuple[Border, ...], length: int, radius_px: int
) -> tuple[Sequence[int], Sequence[int]]:
    """The rows through which mirrors go, and how far a mirror in a mirror shows rows moved.

    Opposite mirrors show each other, one result less a row apart, as far as the taps reach.
    """
    standing = [
        end for end, border in zip((0, length - 1), borders, strict=True) if border == "reflect"
    ]
    if len(standing) < 2:
        return standing, [0]
    apart = length - 1
    turns = radius_px // (2 * apart) + 1
    each = range(-turns, turns + 1)
    return [turn * apart for turn in each], [turn * 2 * apart for turn in each]


def _spread(mask: Tensor, sides: Sides, radius_px: int) -> Run:
    """All rows of the result before the blur, and those beyond it that are not known to be 0."""
    known = _known(mask, sides, radius_px)
    before, after = max(0, known.start), max(0, sides.length_of(mask) - known.stop)
    if not before and not after:
        return known
    return Run(known.start - before, F.pad(known.rows, (0, 0, before, after)))


def _filter(mask: Tensor, gaussian: Gaussian, around: Surroundings) -> Tensor:
    """Blur by OpenCV's separable filter."""
    taps = _taps(gaussian).numpy()
    tall = _known(mask, around.down, gaussian.radius_px)
    wide = _known(tall.rows.T, around.across, gaussian.radius_px)
    height, width = around.down.length_of(mask), around.across.length_of(mask.T)
    before = max(0, tall.start), max(0, wide.start)
    after = max(0, height - tall.stop), max(0, width - wide.stop)
    whole = cv2.copyMakeBorder(
        wide.rows.T.contiguous().numpy(),
        *(before[0], after[0], before[1], after[1]),
        cv2.BORDER_CONSTANT,
        value=0,
    )
    blurred = cv2.sepFilter2D(whole, cv2.CV_32F, taps, taps, borderType=cv2.BORDER_CONSTANT)
    top, left = max(0, -tall.start), max(0, -wide.start)
    return torch.from_numpy(blurred)[top : top + height, left : left + width]


def _multiply(mask: Tensor, gaussian: Gaussian, sides: Sides) -> Tensor:
    """Blur along the first axis by products with a band matrix.

    That is many more multiplications than a filter's, at many times the speed. Rows of which
    all are known to be 0 are never touched.
    """
    radius = gaussian.radius_px
    block_px = CPU_BLOCK_PX if mask.device.type == "cpu" else GPU_BLOCK_PX
    band = _band(gaussian, block_px, mask.device)
    known = _known(mask, sides, radius)
    length = sides.length_of(mask)
    out = mask.new_empty(length, mask.shape[1])
    first, last = known.start, known.stop
    for start in range(0, length, block_px):
        end, reach = min(start + block_px, length), start - radius
        low = min(max(reach, first), last)
        high = max(low, min(end + radius, last))
        taps = band[: end - start, low - reach : high - reach]
        torch.mm(taps, known.rows[low - first : high - first], out=out[start:end])
    return out


@lru_cache(maxsize=8)
def _band(gaussian: Gaussian, block_px: int, device: torch.device) -> Tensor:
    """(block, block + 2 radius): row j has the taps from column j on."""
    taps = _taps(gaussian)
    columns = torch.arange(block_px + len(taps) - 1)
    shift = columns - torch.arange(block_px)[:, None]
    inside = (shift >= 0) & (shift < len(taps))
    return torch.where(inside, taps[shift.clamp(0, len(taps) - 1)], 0.0).to(device)


@lru_cache(maxsize=64)
def _taps(gaussian: Gaussian) -> Tensor:
    """The weights in float32, which holds them exactly."""
    return gaussian.taps().float()
