"""What reads what visitors give, and what holds of it whatever they give.

A target draws an input as bytes and tries it. Out of it come the project's own errors alone, with a
sentence that is short and names no folder of the server; whatever is read keeps what is promised.
"""

import csv
import io
import json
import math
import shutil
import zlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, PngImagePlugin

from segui.errors import SeguiError
from segui.expression import PROPERTIES, parse, read_fade, read_rules
from segui.expression.scope import Scope
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.geometry import Box
from segui.images.pictures import read_picture
from segui.options import default_values, read_option
from segui.pipeline import open_scene
from segui.recipes.marks import FileMark, mark_of
from segui.recipes.project import Project, read_project, write_project
from segui.recipes.recipe import ClassifierMark, Override, Recipe
from segui.recipes.writing import recipe_json
from segui.session.files import FileRef, Files
from segui.session.recipes import read_settings
from segui.settings import Settings
from segui.takeaway.csv_table import _cell
from segui.takeaway.cutouts import file_name
from segui.ui.view import areas, html
from tests.fuzz.changes import changed, odd_json, odd_text

SIDE = 24
LIMITS = Settings(max_megapixels=0.05, max_segments=50, max_regions=500)
MOST_SENTENCE = 2500  # a rule of 1,000 characters stands in it, and its caret below
RULE_WORDS = (
    *("(", ")", "and", "or", "not", ">", "<", ">=", "<=", "=", "!=", "+", "-", "*", "/", ",", "%"),
    *("0.5", "1", "50%", "red", "Female", "#Male", "max", "min", "@share", "@label", "@index", "@"),
    *(
        "≥",
        "≠",
        "&&",
        "||",
        "!",
        "“",
        "”",
        "’",
        ";",
        "（",
        "）",
        "，",
        "＠",
        "５",
        "\u200b",
        "\u00a0",
    ),
    *("0,5", "1,000", "50 %", "−", "men’s", "¬", "caf\u00e9", "cafe\u0301"),
    *("in", '"red car"', "all", "any", "top", "1e5", ".5", "#"),
)


class Target(ABC):
    """Something that reads what visitors give.

    Args:
        folder: For files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def draw(self, chance: Random) -> bytes:
        """An input."""

    @abstractmethod
    def attempt(self, data: bytes) -> None:
        """Read it; check what comes of it.

        Raises:
            SeguiError: It is refused.
        """

    def check(self, data: bytes) -> None:
        """Try an input, and look at what it is refused with."""
        try:
            self.attempt(data)
        except SeguiError as error:
            sentence = str(error)
            assert 0 < len(sentence) <= MOST_SENTENCE, f"{len(sentence)} characters"
            assert str(self.folder) not in sentence, sentence


class Expressions(Target):
    """Rules, and what they decide."""

    def draw(self, chance: Random) -> bytes:
        text = odd_text(RULE_WORDS, chance, 30)
        return text.encode("utf-8", "surrogatepass")

    def attempt(self, data: bytes) -> None:
        rule = parse(data.decode("utf-8", "surrogatepass"))
        chance = Random(zlib.crc32(data))  # noqa: S311  no secret
        odd = (0.0, 1.0, 0.5, -1.0, math.inf, math.nan)
        scores = {name: chance.choice(odd) for name in ("red", "Female", "#Male", "woman", "man")}
        properties = {name: chance.choice((None, 1, 0.5)) for name in PROPERTIES}
        assert rule.evaluate(scores, properties=properties) in {True, False, None}
        assert rule.explain(scores, properties=properties).isprintable()
        assert parse(str(rule)) == rule


class Rules(Target):
    """Rules with names, and one that may name them."""

    def draw(self, chance: Random) -> bytes:
        names = ("a", "b", '"a b"', "red", "#a", "not", "a = b", "=")
        words = (*RULE_WORDS, "a", "b", '"a b"', " = ", "=")
        plain = ("red > 50%", "a", "not b", 'a and "a b"', "a or red > 1", "a > 0.5")

        def rule() -> str:
            return chance.choice(plain) if chance.random() < 0.7 else odd_text(words, chance, 8)

        lines = [f"{chance.choice(names)} = {rule()}" for _ in range(chance.randint(0, 4))]
        return "\n".join([rule(), *lines]).encode("utf-8", "surrogatepass")

    def attempt(self, data: bytes) -> None:
        text, _, lines = data.decode("utf-8", "surrogatepass").partition("\n")
        rules = read_rules(lines)
        with suppress(SeguiError):
            alone = parse(text)
            assert parse(text, rules) == alone
        rule = parse(text, rules)
        assert rule.evaluate({"red": 0.5}) in {True, False, None}
        assert rule.explain({"red": 0.5}).isprintable()
        assert parse(str(rule), rules) == rule


class Fades(Target):
    """What opacity follows."""

    def draw(self, chance: Random) -> bytes:
        signs = ("30%..70%", "..", "of", "if", "else", "from", "to", "80%", "0,5", "named")
        plain = ("30%..70% of red", "80% if named else 0..1 of red", "1..9 of @rank", "50%")
        is_odd = chance.random() < 0.7
        text = odd_text((*RULE_WORDS, *signs), chance, 12) if is_odd else chance.choice(plain)
        return text.encode("utf-8", "surrogatepass")

    def attempt(self, data: bytes) -> None:
        rules = read_rules("named = red > 50%")
        read = read_fade(data.decode("utf-8", "surrogatepass"), rules)
        if read is None:
            return
        for red in (0.0, 0.4, math.nan):
            faded = read.of(Scope.of({"red": red}, None, {"rank": 3}, None))
            assert 0 <= faded.opacity <= 1
            assert faded.reason.isprintable()
        again = read_fade(str(read), rules)
        assert again is not None
        assert again.tree == read.tree


class Pictures(Target):
    """Files that are pictures, or were."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.files = tuple(pictures())

    def draw(self, chance: Random) -> bytes:
        return changed(chance.choice(self.files), self.files, chance)

    def written(self, data: bytes) -> Path:
        path = self.folder / "sent.png"
        path.write_bytes(data)
        return path


class Photos(Pictures):
    """The photo."""

    def attempt(self, data: bytes) -> None:
        most = LIMITS.max_megapixels
        picture = read_picture(self.written(data), max_megapixels=most)
        height, width = picture.size_hw
        assert 0 < height * width <= most * 1e6
        assert picture.pixels.shape[:2] == (height, width)
        assert picture.pixels.dtype == np.uint8


class Masks(Pictures):
    """Masks, and the areas that they become."""

    def attempt(self, data: bytes) -> None:
        photo = self.folder / "photo.png"
        if not photo.exists():
            Image.fromarray(noise((SIDE, SIDE, 3), 1)).save(photo)
        options = SegmentOptions(drop_size=1, scale=bool(len(data) % 2))
        scene = open_scene(Inputs(photo, (self.written(data),)), options, LIMITS)
        for item in scene.segments.items:
            x1, y1, x2, y2 = item.bbox
            assert 0 <= x1 < x2 <= SIDE
            assert 0 <= y1 < y2 <= SIDE


class Recipes(Target):
    """Recipes; what they ask for is what the page can."""

    def sample(self) -> str:
        return recipe_json(
            Recipe(
                photo=FileMark("photo.png", "0" * 64),
                masks=(),
                reference=None,
                painted=drawn("PNG", noise((SIDE, SIDE), 4)),
                options={**default_values(), "expression": "red > 50%"},
                classifier=ClassifierMark("Colour names", "", ""),
                overrides=(Override(Box(1, 2, 9, 9), "a", "filtered"),),
                versions={"segui": "0.2.0"},
            )
        )

    def draw(self, chance: Random) -> bytes:
        text = self.sample()
        if chance.random() < 0.3:
            return changed(text.encode(), [text.encode()], chance)
        return json.dumps(odd_json(json.loads(text), RULE_WORDS, chance)).encode()

    def attempt(self, data: bytes) -> None:
        kept: list[bytes] = []

        def keep(painted: bytes) -> FileRef:
            kept.append(painted)
            return FileRef("kept", self.folder / "painted.png")

        found = read_settings(data, Files(), keep, LIMITS.max_megapixels)
        for name, value in found.values.items():
            assert read_option(name, value) == value
        assert all(isinstance(note, str) for note in found.notes)


class Projects(Target):
    """Projects; what is put into a folder is what the recipe says, and stays in it."""

    def sample(self) -> bytes:
        photo = self.folder / "photo.png"
        photo.write_bytes(drawn("PNG", noise((SIDE, SIDE, 3), 5)))
        mark = mark_of(photo)
        made_by = ClassifierMark("Colour names", "", "")
        recipe = Recipe(mark, (mark,), None, None, default_values(), made_by)
        buffer = io.BytesIO()
        write_project(Project(recipe, photo, (photo,)), buffer)
        return buffer.getvalue()

    def draw(self, chance: Random) -> bytes:
        whole = self.sample()
        if chance.random() < 0.1:
            return whole
        # most of it is pixels: what is listed stands at its beginning and its end
        cut = chance.choice((0, len(whole) - 400))
        return whole[:cut] + changed(whole[cut:], [whole], chance)

    def attempt(self, data: bytes) -> None:
        path, folder = self.folder / "sent.zip", self.folder / "opened"
        path.write_bytes(data)
        try:
            project = read_project(path, folder, max_mb=1, max_masks=5)
            marks = (project.recipe.photo, *project.recipe.masks)
            assert [mark_of(file) for file in project.files] == [*marks]
            assert all(file.resolve().is_relative_to(folder) for file in project.files)
        except SeguiError:
            assert not folder.exists()
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class Workflows(Recipes):
    """Workflows of ComfyUI, as JSON and in pictures."""

    def draw(self, chance: Random) -> bytes:
        text = json.dumps(odd_json(WORKFLOW, RULE_WORDS, chance))
        if chance.random() < 0.5:
            return text.encode()
        info = PngImagePlugin.PngInfo()
        info.add_text(chance.choice(("workflow", "prompt")), text, zip=chance.random() < 0.5)
        buffer = io.BytesIO()
        Image.new("L", (2, 2)).save(buffer, "PNG", pnginfo=info)
        whole = buffer.getvalue()
        return changed(whole, [whole], chance) if chance.random() < 0.5 else whole


class Names(Target):
    """Labels and files' names: as HTML, as names of files, and in a spreadsheet."""

    def draw(self, chance: Random) -> bytes:
        return odd_text(("red car", "a", "<b>", ".", "=", "CON", "😀"), chance).encode(
            "utf-8", "surrogatepass"
        )

    def attempt(self, data: bytes) -> None:
        name = data.decode("utf-8", "surrogatepass")
        row = areas.Row(1, name, "filtered", name, name, 9, "")
        shown = (
            areas.cards((row,), "filtered", "Chosen", ""),
            areas.table((row,)),
            areas.chips((name,)),
            html.problem(name),
            html.card(name, name, ""),
            html.mask_list((html.MaskRow("id", name, can_paint=True),), {}),
        )
        for page in shown:
            assert not Tags.of(page) & {"img onerror", "script", "b"}, page
        written = file_name(name)
        assert 0 < len(written) <= 60
        assert not set(written) & set('/\\:*?"<>|\0\n')
        assert not written.startswith(".")
        assert not _cell(name).startswith(("=", "+", "-", "@"))
        buffer = io.StringIO()
        csv.writer(buffer).writerow([_cell(name)])
        buffer.getvalue().encode("utf-8")


class Tags(HTMLParser):
    """The tags of a piece of HTML; what is done by an attribute counts besides."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(f"{tag} {name}" for name, _ in attrs)}

    @classmethod
    def of(cls, page: str) -> set[str]:
        parser = cls()
        parser.feed(page)
        return parser.found


def noise(shape: tuple[int, ...], seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def drawn(kind: str, pixels: np.ndarray, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **options)
    return buffer.getvalue()


def pictures() -> Sequence[bytes]:
    """One file of each format and mode that is read, and of one that is not."""
    colours, grey = noise((SIDE, SIDE, 3), 1), noise((SIDE, SIDE), 2)
    blocks = np.kron(np.arange(9, dtype=np.uint8).reshape(3, 3), np.ones((8, 8), np.uint8))
    clear = noise((SIDE, SIDE, 4), 3)
    palette = io.BytesIO()
    image = Image.fromarray(blocks)
    image = image.convert("P")
    image.save(palette, "PNG", transparency=3)
    return (
        *(drawn(kind, colours) for kind in ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF")),
        drawn("JPEG", colours, progressive=True, exif=b"Exif\0\0II*\0\x08\0\0\0" + bytes(40)),
        drawn("PNG", clear),
        drawn("PNG", blocks),
        drawn("PNG", grey.astype(np.uint16) * 257),
        drawn("TIFF", grey.astype(np.float32)),
        drawn("TIFF", colours, compression="tiff_lzw"),
        drawn("WEBP", clear, lossless=True),
        drawn("GIF", blocks, save_all=True, append_images=[Image.fromarray(grey)]),
        drawn("JPEG2000", colours),
        palette.getvalue(),
    )


WORKFLOW = {
    "nodes": [
        {
            "id": 3,
            "type": "SEGS Classify",
            "inputs": [{"name": "preset_expr", "widget": {"name": "preset_expr"}}],
            "widgets_values": ["#Female > #Male", "red > 50%"],
        },
        {"id": 4, "type": "SEGSPaste", "inputs": [], "widgets_values": [5, 255]},
    ],
    "links": [[1, 3, 0, 4, 0, "SEGS"]],
    "3": {"class_type": "SEGS Classify", "inputs": {"manual_expr": "red", "segs": ["4", 0]}},
    "4": {"class_type": "SEGSPaste", "inputs": {"feather": 5, "alpha": 255}},
}

TARGETS: dict[str, type[Target]] = {
    "expressions": Expressions,
    "rules": Rules,
    "fades": Fades,
    "masks": Masks,
    "photos": Photos,
    "recipes": Recipes,
    "projects": Projects,
    "workflows": Workflows,
    "names": Names,
}
