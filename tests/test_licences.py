from email.message import Message
from types import SimpleNamespace

import pytest

from tests.licences import UNKNOWN, licence_of, pinned, row_of, rows


def test_each_package_that_is_installed_has_a_row_and_no_other_has_one():
    assert set(rows()) == set(pinned()), "python -m tests.licences writes the table anew"


def test_each_row_says_what_the_installed_package_says():
    installed = {name: row_of(name, version) for name, version in pinned().items()}
    assert {name: row for name, row in installed.items() if row} == {
        name: row for name, row in rows().items() if installed[name]
    }


def test_no_licence_is_left_to_be_guessed():
    assert [row for row in rows().values() if UNKNOWN in row] == []


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ({"License-Expression": "MIT", "License": "x"}, "MIT"),
        ({"Classifier": "License :: OSI Approved :: BSD License"}, "BSD License"),
        ({"Classifier": "License :: OSI Approved", "License": "MIT | X11"}, "MIT / X11"),
        ({"License": "Permission is hereby granted\nto everybody"}, UNKNOWN),
        ({}, UNKNOWN),
    ],
)
def test_a_licence_is_read_from_where_a_package_says_it(fields, licence):
    metadata = Message()
    for name, value in fields.items():
        metadata[name] = value
    assert licence_of(SimpleNamespace(metadata=metadata, name="some")) == licence
