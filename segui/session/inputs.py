"""What a visitor has given and said: all that a result depends on, frozen.

Nothing computed stands here. Whatever a page shows follows from it: see ``derive``.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from segui.backend.effect_table import HIDE, NO_EFFECT, OWN_STICKER, STICKER
from segui.classifiers.catalogue import LIKE_THESE
from segui.classifiers.choice import ClassifierChoice, choice_of
from segui.geometry import Box
from segui.models.finder_catalogue import OWN_MODEL, finder_needs
from segui.options import EDIT_OPTIONS, OPTIONS, Part
from segui.session.files import FileRef, Files
from segui.session.rules import TEXTS_WITH_RULES, meaning_of

if TYPE_CHECKING:  # torch comes with them, and the page is served before it
    from segui.finders.segment_values import SegmentOptions
    from segui.images.lying import PhotoTurn
    from segui.paste_values import PasteOptions
    from segui.recipes.recipe import Recipe
    from segui.selection import Side

OWN: Final = "own photo"
AreaKey = tuple[Box, str]
Values = Mapping[str, Any]


class PhotoKey(NamedTuple):
    """What the photo's pixels are made from.

    Args:
        file: Its file; None where there is none.
        shrink: Whether it is opened smaller if it is too large.
        turn: How it is turned otherwise than its file says.
    """

    file: FileRef | None
    shrink: bool = False
    turn: PhotoTurn = "auto"


def named_finder(values: Values) -> str:
    """What finds: a way, a model's name in the catalogue, or its repo id; empty for nothing.

    Args:
        values: The value of each option, by name.
    """
    finder = str(values["finder"])
    return str(values["finder_repo"]).strip() if finder == OWN_MODEL else finder


@dataclass(frozen=True)
class Areas:
    """What areas are made from; equal ones give the same areas.

    Args:
        files: The files.
        options: How masks become segments: names and values.
        before: What they were made from before, with the same photo: these areas stay where the
            new files cannot be used.
    """

    files: Files
    options: tuple[tuple[str, Any], ...]
    before: Areas | None = field(default=None, compare=False, repr=False)

    @property
    def finder(self) -> str:
        """What looks into the photo; empty where nothing does, or it waits for clicks or words."""
        options = dict(self.options)
        finder, words = named_finder(options), str(options["words"]).strip()
        is_told = bool(words) or finder_needs(finder) != "words"
        return finder if is_told and self.files.can_be_searched(finder) else ""

    @property
    def are_enough(self) -> bool:
        """Whether files or a finder say what the areas are."""
        return self.files.are_enough or bool(self.finder)

    def segment_options(self) -> SegmentOptions:
        """The options as the engine takes them."""
        from segui.finders.segment_values import SegmentOptions

        return SegmentOptions.of({**dict(self.options), "finder": self.finder})


@dataclass(frozen=True)
class EditInputs:
    """What was said of one edit.

    Args:
        id: It is known by that wherever it stands.
        options: The values in force of the options that each edit has its own of.
        entered: What its controls show, or will when it is opened.
        refused: Why a value that is shown is not in force, by the option's name.
        overrides: Where areas go whatever its rule says, by bounding box and label.
        enabled: Whether it is made.
        name: What a person calls it.
    """

    id: int
    options: Values
    entered: Values
    refused: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[AreaKey, Side] = field(default_factory=dict)
    enabled: bool = True
    name: str = ""

    @property
    def hides(self) -> bool:
        """Whether it is made, and what it does is to hide."""
        return self.enabled and self.options["effect"] == HIDE

    @property
    def choosing(self) -> tuple[Hashable, ...]:
        """All that it chooses by."""
        # what has changed is asked of its own edited version
        names = ("expression", "on_unknown", "among", "version", "fade")
        said = (self.options[name] for name in names)
        return (*said, self.enabled, frozenset(self.overrides.items()))

    def takes_version(self, number: int) -> bool:
        """Whether it pastes the edited version of a number, from 1."""
        return bool(self.options["effect"] == NO_EFFECT and self.options["version"] == number)

    def has_pixels(self, files: Files) -> bool:
        """Whether there is something to paste: an effect, or the picture that it takes."""
        if self.options["effect"] == STICKER and self.options["sticker"] == OWN_STICKER:
            return files.sticker is not None
        is_there = self.options["version"] <= len(files.references)
        return bool(self.options["effect"] != NO_EFFECT or is_there)

    @property
    def pasting(self) -> tuple[bool, tuple[tuple[str, Any], ...]]:
        """What happens there."""
        return self.enabled, tuple((name, self.options[name]) for name in option_names("paste"))

    def paste_options(self) -> PasteOptions:
        """The same as the engine takes it."""
        from segui.paste_values import PasteOptions

        return PasteOptions.of(self.options)


@dataclass(frozen=True)
class Inputs:
    """All that a result depends on.

    Of several edits one is open: its controls are those that the page shows. What is said of it
    stands among the options, as it does where there is no other.

    Args:
        defaults: What every option is at first.
        files: What was given.
        options: The values in force: each one can be used.
        entered: What the controls show: a value that cannot be used stays where it was typed.
        refused: Why a value that is shown is not in force, by the option's name.
        overrides: Where areas go whatever the rule says, by bounding box and label: an area that
            is found again after another option was tried keeps its place.
        picked: The number of the area that is looked at; 0 is none.
        scene: The name of the example that is shown, or that the photo is the visitor's own.
        story: What that example shows.
        has_settings: Whether a recipe or a workflow was read: what it says stays when one's own
            photo takes an example's place.
        recipe: The recipe that was read last: the files may be compared with its own.
        notes: What there is to say of the recipe or the workflow that was read.
        attempt: How often a classifier was asked for again; an answer that failed is asked anew.
        declined: The question to a classifier that is not wanted.
        before: What the areas were made from before, with the same photo.
        mine: One's own photo and all that was said of it, where an example has taken its place.
        earlier: The edits before the one that is open, in the order in which they are made.
        later: Those after it.
        edit_id: The id of the one that is open.
        enabled: Whether that one is made.
        edit_name: What a person calls it.
    """

    defaults: Values
    files: Files = field(default_factory=Files)
    options: Values = field(default_factory=dict)
    entered: Values = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[AreaKey, Side] = field(default_factory=dict)
    picked: int = 0
    scene: str = OWN
    story: str = ""
    has_settings: bool = False
    recipe: Recipe | None = field(default=None, compare=False, repr=False)
    notes: tuple[str, ...] = ()
    attempt: int = 0
    declined: Hashable = None
    before: Areas | None = field(default=None, compare=False, repr=False)
    mine: Inputs | None = field(default=None, compare=False, repr=False)
    earlier: tuple[EditInputs, ...] = ()
    later: tuple[EditInputs, ...] = ()
    edit_id: int = 1
    enabled: bool = True
    edit_name: str = ""

    @classmethod
    def fresh(cls, defaults: Values) -> Inputs:
        """Nothing given, every option as it is at first."""
        return cls(defaults, options=defaults, entered=defaults)

    @property
    def photo(self) -> PhotoKey:
        """What the photo's pixels are made from."""
        options = self.options
        return PhotoKey(self.files.photo, bool(options["shrink"]), options["turn_photo"])

    @property
    def areas(self) -> Areas:
        """What the areas are made from."""
        return Areas(self.files, self._values("photo", "areas"), self.before)

    @property
    def classifier(self) -> ClassifierChoice:
        """Who judges them, for all edits."""
        choice = choice_of(
            self.options,
            [edit.options["expression"] for edit in self.edits],
            [edit.options["fade"] for edit in self.edits],
        )
        return replace(choice, examples=self._examples) if choice.name == LIKE_THESE else choice

    @property
    def _examples(self) -> tuple[tuple[AreaKey, bool], ...]:
        """What was decided by hand, whichever edit is open: included in any of them is a yes."""
        decided: dict[AreaKey, bool] = {}
        for edit in self.edits:
            for key, side in edit.overrides.items():
                decided[key] = decided.get(key, False) or side == "filtered"
        return tuple(decided.items())

    @property
    def rule(self) -> str:
        """Which pass: the last text that could be read."""
        text: str = self.options["expression"]
        return text

    @property
    def meanings(self) -> tuple[Hashable, ...]:
        """What the edits' rules mean by the names in them; nothing where no rule has a name."""
        named = self.options["rules"]
        if not named.strip():
            return ()
        return tuple(
            meaning_of(edit.options[name], named, name)
            for edit in self.edits
            for name in TEXTS_WITH_RULES
        )

    @property
    def question(self) -> Hashable:
        """What a classifier is asked."""
        return self.areas, self.classifier.key

    @property
    def open_edit(self) -> EditInputs:
        """The edit that is open."""
        return EditInputs(
            self.edit_id,
            {name: self.options[name] for name in EDIT_OPTIONS},
            {name: self.entered[name] for name in EDIT_OPTIONS},
            {name: why for name, why in self.refused.items() if name in EDIT_OPTIONS},
            self.overrides,
            self.enabled,
            self.edit_name,
        )

    @property
    def edits(self) -> tuple[EditInputs, ...]:
        """All edits, in the order in which they are made."""
        return (*self.earlier, self.open_edit, *self.later)

    @property
    def place(self) -> int:
        """Where among them the open one stands, from 0."""
        return len(self.earlier)

    def with_edits(self, edits: Sequence[EditInputs], place: int) -> Inputs:
        """The same with other edits.

        Args:
            edits: All of them, one at least.
            place: Which one is open, from 0.
        """
        opened = edits[place]
        shared = {name: why for name, why in self.refused.items() if name not in EDIT_OPTIONS}
        return replace(
            self,
            options={**self.options, **opened.options},
            entered={**self.entered, **opened.entered},
            refused={**shared, **opened.refused},
            overrides=opened.overrides,
            enabled=opened.enabled,
            edit_id=opened.id,
            edit_name=opened.name,
            earlier=tuple(edits[:place]),
            later=tuple(edits[place + 1 :]),
        )

    def without_overrides(self) -> Inputs:
        """The same with nothing done by hand, in any edit."""
        edits = [replace(edit, overrides={}) for edit in self.edits]
        return self.with_edits(edits, self.place)

    @property
    def paste(self) -> tuple[tuple[str, Any], ...]:
        """What is pasted by the open edit, where, and how: names and values."""
        return self._values("paste")

    def paste_options(self) -> PasteOptions:
        """The same as the engine takes them."""
        from segui.paste_values import PasteOptions

        return PasteOptions.of(self.options)

    def _values(self, *parts: Part) -> tuple[tuple[str, Any], ...]:
        return tuple((name, self.options[name]) for name in option_names(*parts))

    def with_files(self, files: Files) -> Inputs:
        """The same with other files; of another photo, no area is looked at yet."""
        is_same = self.files.photo == files.photo
        return replace(self, files=files, picked=self.picked if is_same else 0)

    def taken_as(self, other: Inputs) -> Inputs:
        """The same, to be taken away in the file that other inputs say: no result depends on it."""
        names = option_names("take")
        others = {name: why for name, why in self.refused.items() if name not in names}
        own = {name: why for name, why in other.refused.items() if name in names}
        return replace(
            self,
            options={**self.options, **{name: other.options[name] for name in names}},
            entered={**self.entered, **{name: other.entered[name] for name in names}},
            refused={**others, **own},
        )

    def after(self, former: Inputs) -> Inputs:
        """The same, with the areas that stand in where these inputs' own cannot be made.

        Args:
            former: The inputs before; of the same photo, their areas are remembered.
        """
        if former.photo != self.photo:
            return replace(self, before=None)
        is_other = former.areas.are_enough and former.areas != self.areas
        return replace(self, before=former.areas if is_other else former.before)

    @property
    def needed_files(self) -> tuple[FileRef, ...]:
        """All that a result may be made from, or the former areas that stand in for it."""
        needed = [*self.files.all, *(() if self.mine is None else self.mine.needed_files)]
        at = self.before
        while at is not None:
            needed += at.files.all
            at = at.before
        return tuple(needed)


def option_names(*parts: Part) -> tuple[str, ...]:
    """The options of some steps of the page, by the table."""
    return tuple(name for name, option in OPTIONS.items() if option.part in parts)
