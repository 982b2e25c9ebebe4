"""The entries on the pictures that people look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import OpenPage, Server
from tests.browser.pictures import chosen, parts_of, take, write_index

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

SAMPLE = "yardstick-sample"


def test_entries_are_chosen_for_what_was_not_shown_yet() -> None:
    shown = {"a": ["lists"], "b": ["lists", "tables"], "c": ["formulas"], "d": ["lists", "tables"]}
    assert chosen(shown, 2) == ["b", "c"]
    assert chosen(shown) == ["b", "c", "d", "a"]


def test_the_parts_of_an_entry_are_those_of_its_page(open_page: OpenPage) -> None:
    [parts] = parts_of(open_page("/glossary"), ["quantization"]).values()
    assert parts == [
        "formulas",
        "formulas on lines of their own",
        "tables",
        "lists",
        "aliases",
        "category",
        "sections",
        "related entries",
    ]


def test_every_entry_is_taken_in_every_look(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    shown = take(browser, server.url, [SAMPLE], tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{SAMPLE}-{look}.png" for look in ("light", "dark", "narrow")
    }
    assert f'src="{SAMPLE}-narrow.png"' in write_index(shown, tmp_path).read_text("utf-8")
