"""Draw the example scenes: ``python examples/draw.py [FOLDER]``.

Every picture and mask below ``examples/`` comes from here: segui ships nobody else's photos.
Nothing is downloaded and nothing read. Light, noise and shapes are computed, from fixed seeds.
"""

import argparse
from pathlib import Path

from drawing import balloons, fruit, jellyfish, parasols, rose_window
from drawing.scene import Scene

SCENES: tuple[Scene, ...] = (
    balloons.SCENE,
    parasols.SCENE,
    fruit.SCENE,
    rose_window.SCENE,
    jellyfish.SCENE,
)


def main(arguments: list[str] | None = None) -> None:
    """Draw the scenes that the command line names, or all of them."""
    parser = argparse.ArgumentParser(description="Draw the example scenes.")
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path(__file__).parent,
        help="where the scenes' folders go (default: beside this script)",
    )
    names = [scene.name for scene in SCENES]
    parser.add_argument("--scene", choices=names, action="append", help="draw this one only")
    parser.add_argument("--scale", type=float, default=1.0, help="1 draws 1600 x 1064 pixels")
    options = parser.parse_args(arguments)
    for scene in SCENES:
        if options.scene is None or scene.name in options.scene:
            scene.write(options.folder, options.scale)


if __name__ == "__main__":
    main()
