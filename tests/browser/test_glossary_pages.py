"""The glossary as people use it: found, paged, filtered and read, by hand and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, Server, Watched, run, serving

ENTRIES = 120
PARITY = ("Even", "Odd")


@pytest.fixture(scope="module")
def large_server(tmp_path_factory: pytest.TempPathFactory, glossary_home: Path) -> Iterator[Server]:
    """A server of 120 short entries: half of them begin with A, half with B."""
    home = tmp_path_factory.mktemp("large")
    (home / "models").symlink_to(glossary_home / "models")
    records = "term,definition,category\n" + "".join(
        f"{'AB'[number % 2]}name {number:03},Thing number {number}.,{PARITY[number % 2]}\n"
        for number in range(ENTRIES)
    )
    (home / "large.csv").write_text(records)
    run(home, "ingest", str(home / "large.csv"))
    with serving(home) as running:
        yield running


def status(page: Page) -> str:
    return page.locator("#results .status").inner_text()


def test_letters_lead_to_their_entries(open_page: OpenPage) -> None:
    page = open_page("/glossary")
    assert page.get_by_role("heading", level=1).inner_text() == "AI Factory Glossary"
    assert page.get_by_text("17 technical terms and definitions", exact=True).count() == 1
    letters = page.get_by_role("navigation", name="Letters")
    letters.get_by_role("link", name=re.compile(r"^C")).click()
    assert status(page) == "Showing page 1 of 1 (2 entries)"
    cards = page.locator(".entry-card")
    assert cards.count() == 1
    assert cards.locator(".twins li").all_inner_texts() == ["Chiplets Packaging"]


def test_pages_lead_on_and_back(open_page: OpenPage, large_server: Server) -> None:
    page = open_page("/glossary", base_url=large_server.url)
    assert status(page) == "Showing page 1 of 3 (120 entries)"
    page.get_by_role("link", name="Next").click()
    assert status(page) == "Showing page 2 of 3 (120 entries)"
    page.get_by_role("link", name="Page 3").click()
    assert page.locator(".entry-card").count() == 20
    page.get_by_role("link", name="Previous").click()
    page.go_back()
    assert status(page) == "Showing page 3 of 3 (120 entries)"


def test_terms_are_found_while_they_are_typed(open_page: OpenPage, large_server: Server) -> None:
    page = open_page("/glossary", base_url=large_server.url)
    page.get_by_label("Find a term").press_sequentially("bname 11")
    page.get_by_text("Showing page 1 of 1 (5 entries)").wait_for()
    page.get_by_label("Category").select_option("Odd")
    page.wait_for_url("**/glossary?q=bname+11&category=Odd")
    page.reload()
    assert status(page) == "Showing page 1 of 1 (5 entries)"
    page.get_by_label("Find a term").fill("nothing like it")
    page.get_by_text("No entries found").wait_for()


def test_everything_can_be_reached_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/glossary", java_script_enabled=False)
    page.get_by_label("Find a term").fill("chip")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Chiplet", exact=True).click()
    page.get_by_role("link", name="Link to Drawbacks").click()
    assert page.url.endswith("/glossary/chiplet#section-drawbacks")
    assert page.get_by_role("button", name="Theme").count() == 0
    assert page.locator("[data-copy]").is_hidden()
    page.get_by_role("link", name="Back to AI Factory Chat").click()
    assert page.url.rstrip("/").endswith(page.url.split("/")[2])


def test_the_glossary_can_be_used_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page("/glossary")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("finfet")
    page.get_by_text("Showing page 1 of 1 (1 entry)").wait_for()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.entry-card') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary/finfet")
    assert page.get_by_role("heading", level=1).inner_text() == "FinFET"


def test_the_theme_is_chosen_and_kept(open_page: OpenPage) -> None:
    page = open_page("/glossary", color_scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    button = page.get_by_role("button", name="Theme")
    button.click()
    assert page.evaluate(paper) == light
    button.click()
    assert button.inner_text().split()[-1] == "dark"
    dark = page.evaluate(paper)
    assert dark != light
    page.goto("/evaluation")
    assert page.evaluate(paper) == dark


def test_the_button_for_the_theme_says_what_it_is_for_on_a_phone_too(open_page: OpenPage) -> None:
    page = open_page("/glossary", viewport={"width": 320, "height": 640})
    button = page.get_by_role("button", name="Theme: system", exact=True)
    assert button.count() == 1
    assert button.inner_text().split()[-1] == "system"


def test_what_is_filtered_can_be_seen_and_taken_back(open_page: OpenPage) -> None:
    page = open_page("/glossary?letter=W&category=Transistors")
    current = page.get_by_role("navigation", name="Letters").locator("[aria-current]")
    assert current.inner_text().startswith("W")
    page.get_by_role("heading", name="There is no entry under W in Transistors").wait_for()
    page.get_by_role("link", name="Under any letter (1)").click()
    assert page.url.endswith("/glossary?category=Transistors")
    assert page.locator(".entry-card").count() == 1


@pytest.mark.parametrize("path", ["/nope", "/glossary?letter=zzzzzzzzz", "/?before=-1"])
def test_a_wrong_address_is_told_as_a_page_that_leads_on(
    open_page: OpenPage, watched: Watched, path: str
) -> None:
    watched.allowed.append("status of 4")
    page = open_page(path)
    assert page.get_by_role("heading", level=1).count() == 1
    page.get_by_role("link", name="All terms").click()
    assert page.get_by_role("heading", level=1).inner_text() == "AI Factory Glossary"


def test_a_link_is_copied_without_https_too(open_page: OpenPage) -> None:
    page = open_page("/glossary/chiplet")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.evaluate(
        "document.addEventListener('copy', () => { window.taken = String(getSelection()); })"
    )
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("window.taken") == page.url


def test_an_entry_links_its_sections_its_copy_and_its_questions(open_page: OpenPage) -> None:
    page = open_page("/glossary/chiplet", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url
    assert page.locator(".related a").count() == 5
    assert "chiplets" not in page.locator(".related a").first.get_attribute("href")
    page.get_by_role("link", name="Next").click()
    assert page.url.endswith("/glossary/chiplets")
