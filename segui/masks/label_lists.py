"""Several labels in one text, with commas between."""

import csv


def names_in(text: str) -> tuple[str, ...]:
    """The labels in a text, each once; one that has a comma itself stands in double quotes.

    >>> names_in('cat, dog,, cat, "wall, brick"')
    ('cat', 'dog', 'wall, brick')
    """
    rows = csv.reader(text.splitlines(), skipinitialspace=True)
    names = (name.strip() for row in rows for name in row)
    return tuple(dict.fromkeys(filter(None, names)))


def listed(*names: str) -> str:
    """The text of several labels.

    >>> listed("cat", "wall, brick")
    'cat, "wall, brick"'
    """
    return ", ".join(f'"{name}"' if "," in name else name for name in names)
