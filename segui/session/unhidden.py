"""What a page's picture still shows of that which is to be hidden: asked before it is taken.

What needs torch is imported where there is a picture: a page is served before torch is loaded.
"""

from segui.session.view import View


def unhidden(view: View) -> tuple[str, ...]:
    """What is not hidden though it is to be; see ``takeaway.unhidden``.

    Args:
        view: What there is to show.
    """
    scene, selections, painted = view.scene, view.plan.selections, view.plan.painted
    if not any(edit.hides for edit in view.inputs.edits) or not selections or scene is None:
        return ()
    from segui.session.work import made_edits
    from segui.takeaway.unhidden import unhidden_by_edits

    edits = made_edits(scene, view.inputs)
    seen = (None,) * len(edits) if painted is None else painted.seen
    return unhidden_by_edits(scene, edits, selections, view.inputs.options, seen)


def undecided(view: View) -> tuple[int, ...]:
    """The areas that are shown although nobody could decide on them, by number.

    Args:
        view: What there is to show.
    """
    from segui.takeaway import unhidden as told

    rows = zip(view.inputs.edits, view.plan.selections, strict=False)
    found = (
        told.undecided(selection, edit.options["effect_on"])
        for edit, selection in rows
        if edit.hides
    )
    return tuple(sorted({number for numbers in found for number in numbers}))
