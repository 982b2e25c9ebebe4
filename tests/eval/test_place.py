from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from eval.place import Place


def test_a_place_is_a_folder_a_home_and_a_split() -> None:
    assert Place.parse("set=home:dev") == Place(Path("set"), Path("home"), "dev")
    assert Place.parse("set=C:/a=b:dev") == Place(Path("set"), Path("C:/a=b"), "dev")


@pytest.mark.parametrize(
    ("written", "missing"),
    [
        ("set", "HOME and SPLIT"),
        ("set=home", "SPLIT"),
        ("set=:dev", "HOME"),
        ("set=home:", "SPLIT"),
        ("=home:dev", "FOLDER"),
        ("", "FOLDER and HOME and SPLIT"),
    ],
)
def test_what_is_missing_is_named(written: str, missing: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError) as refused:
        Place.parse(written)
    assert str(refused.value) == f"{written!r} lacks {missing}; write FOLDER=HOME:SPLIT"
