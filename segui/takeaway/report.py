"""What happened, to take away as plain data for JSON: every segment with its scores and reason."""

import math
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from segui._version import __version__
from segui.edits import Edit
from segui.pipeline import Scene
from segui.selection import Selection, Side

_PACKAGES = ("segui", "gradio", "torch", "transformers", "pillow", "numpy")


def build_report(
    scene: Scene, selection: Selection, classifier: str, about: Sequence[str] = ()
) -> dict[str, Any]:
    """Every segment with its scores and its reason, and what was left out.

    Args:
        scene: The picture.
        selection: What was chosen.
        classifier: Who scored.
        about: What there is to know of how it scored: a sentence each.

    Returns:
        ``image`` (width, height), ``classifier``, ``expression``, ``segments`` (each with
        ``number`` from 1, ``bbox`` and ``crop_region`` xyxy px, ``label``, ``confidence``,
        ``area`` px, ``scores`` (None where one is no number), ``filtered``, ``side``, ``reason``,
        ``opacity`` where it has one of its own, 0..1), ``labels``, ``left_out`` (``count``,
        ``boxes``), ``notes``, ``versions``.
    """
    return _report(scene, selection, classifier, _notes(selection), about)


def _report(
    scene: Scene,
    selection: Selection,
    classifier: str,
    of_rules: Iterable[str],
    about: Sequence[str],
) -> dict[str, Any]:
    height, width = scene.photo.size_hw
    rows = zip(
        selection.segments.items, selection.scores, selection.sides, selection.reasons, strict=True
    )
    return {
        "image": {"width": width, "height": height},
        "classifier": classifier,
        "expression": selection.expression.text,
        "segments": [
            {
                "number": number,
                "bbox": list(item.bbox),
                "crop_region": list(item.crop_region),
                "label": item.label,
                "confidence": item.confidence,
                "area": item.area,
                "scores": {label: _number(score) for label, score in scores.items()},
                "filtered": side == "filtered",
                "side": side,
                "reason": reason,
                **({} if item.opacity == 1 else {"opacity": round(item.opacity, 6)}),
            }
            for number, (item, scores, side, reason) in enumerate(rows, 1)
        ],
        "labels": selection.labels,
        "left_out": {
            "count": len(scene.segments.left_out),
            "boxes": [list(box) for box in scene.segments.left_out],
        },
        "notes": [*scene.notes, *of_rules, *(f"classifier: {note}" for note in about)],
        "versions": package_versions(),
    }


def report_of_edits(
    scene: Scene,
    edits: Sequence[Edit],
    selections: Sequence[Selection],
    classifier: str,
    about: Sequence[str] = (),
) -> dict[str, Any]:
    """Every segment, and which edits have it.

    Args:
        scene: The picture.
        edits: What was asked for, one or more.
        selections: What each edit chose.
        classifier: Who scored.
        about: What there is to know of how it scored: a sentence each.

    Returns:
        What ``build_report`` gives, where ``expression`` is empty, a segment is ``filtered`` if any
        edit has it, and its ``reason`` is that of each edit; besides ``edits``, each with
        ``number`` from 1, ``name``, ``rule``, ``effect``, ``enabled``, ``chosen`` and ``undecided``
        (numbers of segments), and ``opacities``, 0..1, of those chosen, where some have
        one of their own.
    """
    notes = dict.fromkeys(note for selection in selections for note in _notes(selection))
    report = _report(scene, selections[0], classifier, notes, about)
    names = [f"edit {number}" for number in range(1, len(edits) + 1)]
    segments = []
    for place, segment in enumerate(report["segments"]):
        sides = [selection.sides[place] for selection in selections]
        reasons = [selection.reasons[place] for selection in selections]
        side = next((one for one in ("filtered", "review") if one in sides), "remained")
        said = (f"{name}: {reason}" for name, reason in zip(names, reasons, strict=True))
        own = {"filtered": side == "filtered", "side": side, "reason": "; ".join(said)}
        every = {name: value for name, value in segment.items() if name != "opacity"}
        segments.append({**every, **own})
    return {
        **report,
        "expression": "",
        "segments": segments,
        "edits": [
            {
                "number": number,
                "name": edit.name,
                "rule": edit.rule,
                "effect": edit.paste.effect,
                "enabled": edit.enabled,
                "chosen": _numbers(selection, "filtered"),
                "undecided": _numbers(selection, "review"),
                **_opacities(selection),
            }
            for number, (edit, selection) in enumerate(zip(edits, selections, strict=True), 1)
        ],
    }


def _opacities(selection: Selection) -> dict[str, list[float]]:
    """The opacities of what was chosen, where some have one of their own."""
    own = [item.opacity for item in selection.filtered.items]
    return {"opacities": [round(one, 6) for one in own]} if any(one != 1 for one in own) else {}


def _numbers(selection: Selection, side: Side) -> list[int]:
    return [number for number, own in enumerate(selection.sides, 1) if own == side]


def _number(score: float) -> float | None:
    """A score as JSON has it."""
    return round(score, 6) if math.isfinite(score) else None


def _notes(selection: Selection) -> list[str]:
    """What a rule was read as where that may be doubted, and for how many a score is unknown."""
    hints = (*selection.expression.hints, *selection.misnamed)
    notes = [f"rule: {hint}" for hint in hints]
    unknown = sum(not all(map(math.isfinite, scores.values())) for scores in selection.scores)
    if unknown:
        segments = "1 segment" if unknown == 1 else f"{unknown} segments"
        notes.append(f"scores: the classifier gave no number for {segments}: they are unknown")
    return notes


def package_versions() -> dict[str, str]:
    """The versions of what decides the pixels, as far as they are installed."""
    return {name: found for name in _PACKAGES if (found := _version(name))}


def _version(name: str) -> str | None:
    if name == "segui":  # what runs may be a checkout, beside which another version is installed
        return __version__
    try:
        return version(name)
    except PackageNotFoundError:
        # run from a checkout, segui itself is not installed
        return __version__ if name == "segui" else None
