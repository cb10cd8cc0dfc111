"""What a page's picture still shows of that which is to be hidden: asked before it is taken.

What needs torch is imported where there is a picture: a page is served before torch is loaded.
"""

from segui.backend.effect_table import HIDE
from segui.session.view import View


def unhidden(view: View) -> tuple[str, ...]:
    """What is not hidden though it is to be; see ``takeaway.unhidden``.

    Args:
        view: What there is to show.
    """
    scene, selection, painted = view.scene, view.selection, view.plan.painted
    if view.inputs.options["effect"] != HIDE or selection is None or scene is None:
        return ()
    from segui.backend.uncovered import Uncovered
    from segui.takeaway import unhidden as told

    seen = None if painted is None else Uncovered(painted.faint, painted.soft)
    return told.unhidden(scene, selection, view.inputs.options, seen)


def undecided(view: View) -> tuple[int, ...]:
    """The areas that are shown although nobody could decide on them, by number.

    Args:
        view: What there is to show, under an effect that hides.
    """
    if view.selection is None:
        return ()
    from segui.takeaway import unhidden as told

    return told.undecided(view.selection, view.inputs.options["effect_on"])
