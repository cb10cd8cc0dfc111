"""What ``pyproject.toml`` cannot say: the examples come with the package, from their own folder."""

from pathlib import Path

from setuptools import find_packages, setup

SCENES = {
    f"segui.examples.{scene.parent.name}": f"examples/{scene.parent.name}"
    for scene in sorted(Path("examples").glob("*/scene.json"))
}

setup(
    packages=[*find_packages(include=["segui", "segui.*"]), *SCENES],
    package_dir=SCENES,
    package_data={
        "segui": ["py.typed", "**/*.css", "**/*.js"],
        **{name: ["*"] for name in SCENES},
    },
)
