"""What the page is worked with by keys: links past what stands first, and the keys in a list."""

from typing import Final

SKIPS: Final = (
    '<nav class="skips" aria-label="Skip">'
    '<a href="#result" data-skip="#result">Skip to the picture</a>'
    '<a href="#download" data-skip="#download, #ask-download">Skip to the download</a></nav>'
)

# by where they count: the keys and what they do
_KEYS: Final = {
    "Anywhere": (
        ("?", "This list"),
        ("Ctrl Z", "Undo; while painting, the last stroke"),
        ("Ctrl Y", "Redo"),
        ("Ctrl V", "The picture of the clipboard becomes the photo"),
        ("Tab", "From one control to the next; the arrows choose within a group"),
    ),
    "In the picture": (
        ("← ↑ ↓ →", "Move it, where it is larger than its frame"),
        ("Space", "On “Hold: original”: the photo as it was, while it is held"),
    ),
    "Painting": (
        ("← ↑ ↓ →", "Move the brush; with Shift further"),
        ("Space", "Paint while it is held; Enter paints one dab"),
        ("B  O  F", "Brush, outline, fill"),
        ("P  E", "Paint, erase"),
        ("[  ]", "A smaller or a larger brush"),
        ("+  -  0", "Closer, further, all of it"),
        ("Esc", "Done"),
    ),
    "Finding what is clicked or in a box": (
        ("← ↑ ↓ →", "Move the mark; with Shift further"),
        ("Enter", "Click there, or begin and end a box"),
        ("Esc", "Give a begun box up"),
    ),
}


def shortcuts() -> str:
    """The button that opens the list of keys, and the list."""
    return (
        '<button type="button" id="keys-open" class="small-button" aria-haspopup="dialog" '
        'aria-label="Keys" title="What can be done by keys">?</button>'
        '<dialog id="keys" aria-labelledby="keys-title"><div class="keys-head">'
        '<h2 id="keys-title">Keys</h2>'
        '<button type="button" class="small-button" data-close>Close</button></div>'
        f'<div class="keys-lists">{"".join(map(_list, _KEYS.items()))}</div></dialog>'
    )


def _list(keys: tuple[str, tuple[tuple[str, str], ...]]) -> str:
    where, rows = keys
    items = "".join(f"<dt><kbd>{key}</kbd></dt><dd>{does}</dd>" for key, does in rows)
    return f"<section><h3>{where}</h3><dl>{items}</dl></section>"
