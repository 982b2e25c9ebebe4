"""Markers are found where a page shows them as links."""

from __future__ import annotations

import re

import pytest

from api.markdown.markdown import to_html
from api.markdown.marker_places import marker_places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("A lamp gives light. [1] It needs a socket. [2]", {1: 20, 2: 43}),
        ("Take `v[1]` and `v[2]`. [1] [2]", {1: 24, 2: 28}),
        ("```python\nv[1]\n```\n\n[1]", {1: 20}),
        ("A formula $v[1]$ of lamps. [1]", {1: 27}),
        ("See [1](https://a.test) first. [1]", {1: 31}),
        ("- One **bulb**. [1]\n- Two `x[2]`. [2]\n- Again. [1]", {1: 16, 2: 34}),
        ("| a | b |\n|---|---|\n| `v[1]` | x [1] |\n| y | `v[2]` z [2] |", {1: 33, 2: 54}),
        ("# Parts [1]\n\n> Quoted &amp; bold __v__. [2]", {1: 8, 2: 40}),
        ("No marker, and `v[1]`.", {}),
    ],
)
def test_the_first_marker_of_every_number_is_found(text: str, places: dict[int, int]) -> None:
    assert marker_places(text) == places
    for number, place in places.items():
        assert text[place:].startswith(f"[{number}]")
    linked = {int(n) for n in re.findall(r'href="#source-(\d+)"', to_html(text, citations=9))}
    assert linked == set(places)
