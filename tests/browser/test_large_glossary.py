"""A glossary of a thousand entries: what the browser has to fetch, hold and lay out of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.api.contract.serving import Served
from tests.browser.conftest import OpenPage
from tests.browser.large_glossary import large_glossary

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

MOST_BYTES = 40 * 1024  # of everything a page of the list loads
MOST_ELEMENTS = 1500
NEXT_FRAME = """() => new Promise((done, fail) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(() => fail(new Error("no frame within 20 s")), 20000);
})"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with large_glossary(tmp_path_factory.mktemp("large")) as running:
        yield running


@pytest.fixture
def page(open_page: OpenPage, large: Served) -> Page:
    return open_page("/glossary", base_url=large.url)


def test_a_page_of_a_thousand_entries_is_light(page: Page) -> None:
    sizes: list[int] = []

    def note(event: dict[str, Any]) -> None:
        sizes.append(event["encodedDataLength"])

    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    client.on("Network.loadingFinished", note)
    page.reload(wait_until="networkidle")
    assert page.locator(".lead").inner_text() == "1,000 technical terms and definitions"
    assert page.locator(".entry-card").count() == 50
    assert page.evaluate("document.querySelectorAll('*').length") <= MOST_ELEMENTS
    assert sum(sizes) <= MOST_BYTES


def test_cards_out_of_sight_are_not_laid_out(page: Page) -> None:
    seen = "card => card.firstElementChild.checkVisibility({ contentVisibilityAuto: true })"
    cards = page.locator(".entry-card")
    assert cards.first.evaluate(seen) is True
    assert cards.last.evaluate(seen) is False
    cards.last.scroll_into_view_if_needed()
    expect(cards.last.get_by_role("link")).to_be_in_viewport()
    assert cards.last.evaluate(seen) is True


def test_nothing_jumps_while_the_list_is_read(page: Page) -> None:
    page.evaluate(
        """() => {
            window.moved = 0;
            const add = (list) => list.getEntries().forEach((entry) => { moved += entry.value; });
            new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
        }"""
    )
    height = page.evaluate("document.documentElement.scrollHeight")
    for _ in range(height // 600 + 1):
        page.mouse.wheel(0, 600)
        page.evaluate(NEXT_FRAME)
    expect(page.get_by_role("navigation", name="Pages of the glossary")).to_be_in_viewport()
    assert page.evaluate("moved") < 0.02


def test_typing_leaves_no_more_on_the_page_than_there_was(page: Page) -> None:
    elements = "document.querySelectorAll('*').length"
    before = page.evaluate(elements)
    field = page.get_by_label("Find a term")
    for typed, found in (
        ("bthing", "39 entries"),
        ("bthing 00", "4 entries"),
        ("", "1000 entries"),
    ):
        field.fill(typed)
        expect(page.locator("#results .status")).to_contain_text(f"({found})")
    assert page.evaluate(elements) == before
