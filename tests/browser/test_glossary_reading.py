"""Entries as they are seen: quotes, hostile text, both themes, small and large, on paper."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, Server, run

HOSTILE = "zebra-script-window-ran-1-script"
Violations = Callable[[Page], list[str]]
PATHS = (
    "/glossary",
    "/glossary?q=chiplett",
    "/glossary?letter=C",
    "/glossary/yardstick-sample",
    f"/glossary/{HOSTILE}",
    "/glossary/chiplet?start=0&end=20",
    "/glossary/chiplet?start=0&end=99999",
    "/glossary/no-such-thing",
    "/evaluation",
)


@pytest.fixture(scope="module")
def spans(glossary_home: Path) -> list[tuple[str, int, int, str]]:
    """A sentence, an item, a row, a code block and a formula of the sample entry."""
    entry = json.loads(run(glossary_home, "show", "yardstick-sample", "--json"))
    units = {u["kind"]: u for passage in entry["passages"] for u in passage["units"]}
    return [
        (kind, unit["start"], unit["end"], entry["body"][unit["start"] : unit["end"]])
        for kind, unit in units.items()
    ]


def letters(text: str) -> str:
    """Return the letters and digits of a text; a fence names its language, a formula its sign."""
    return re.sub(r"[\W_]", "", text.replace("```python", "").replace(r"\mu", "μ"))


def test_a_permalink_shows_the_quoted_characters_in_sight(
    open_page: OpenPage, spans: list[tuple[str, int, int, str]]
) -> None:
    page = open_page("/glossary/yardstick-sample")
    assert {kind for kind, *_ in spans} >= {"sentence", "list_item", "step", "table_row"}
    for kind, start, end, quote in spans:
        page.goto(f"/glossary/yardstick-sample?start={start}&end={end}#quote")
        assert page.locator("#quote").count() == 1
        box = page.locator("#quote").bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 720
        seen = "".join(page.locator(".prose mark").all_text_contents())
        assert kind == "formula" or letters(seen) == letters(quote), kind


def test_a_hostile_entry_runs_nothing_and_fetches_nothing(open_page: OpenPage) -> None:
    for path in (
        f"/glossary/{HOSTILE}",
        "/glossary?q=zebra",
        f"/glossary/{HOSTILE}?start=0&end=60",
    ):
        page = open_page(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.ran") is None
        assert page.locator("main").get_by_text("<script>").count() > 0
        assert (
            page.locator("main :is(script, img, iframe, svg, style, [style], [onerror])").count()
            == 0
        )
        links = page.locator("main a").evaluate_all("links => links.map((a) => a.protocol)")
        assert set(links) <= {"http:", "https:"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_barrier(
    open_page: OpenPage, watched: object, violations: Violations, scheme: str
) -> None:
    watched.allowed.append("no-such-thing")  # type: ignore[attr-defined]
    page = open_page("/glossary", color_scheme=scheme)
    found = {}
    for path in PATHS:
        page.goto(path)
        found[path] = violations(page)
    assert found == {path: [] for path in PATHS}


def test_pages_without_a_glossary_have_no_barrier(
    open_page: OpenPage, watched: object, empty_server: Server, violations: Violations
) -> None:
    watched.allowed.append("503")  # type: ignore[attr-defined]
    page = open_page("/glossary", base_url=empty_server.url)
    assert page.get_by_role("heading", level=1).inner_text() == "There is no glossary yet"
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 1440])
def test_pages_fit_their_window(open_page: OpenPage, watched: object, width: int) -> None:
    watched.allowed.append("no-such-thing")  # type: ignore[attr-defined]
    page = open_page("/glossary", viewport={"width": width, "height": 800})
    for path in PATHS:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        small = page.locator(":is(nav, form, .chips) :is(a, button):visible").evaluate_all(
            "all => all.map((e) => e.getBoundingClientRect()).filter((r) => r.height < 24).length"
        )
        assert small == 0, path


def test_on_paper_an_entry_is_its_text(open_page: OpenPage) -> None:
    page = open_page("/glossary/chiplet?start=0&end=20", color_scheme="dark")
    page.emulate_media(media="print")
    for hidden in (".site-header", ".beside", ".neighbours", ".trail"):
        assert page.locator(hidden).is_hidden()
    assert page.locator(".prose").is_visible()
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert ink == "rgb(27, 34, 32)"
