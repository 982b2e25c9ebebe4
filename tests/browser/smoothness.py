"""Measure how smooth a glossary of 1,000 entries and a conversation of 200 turns are.

python -m tests.browser.smoothness [TIMES]

Prints for every moment, as the median of so many runs (3): how many tasks were longer than 50 ms,
the longest of them, and how long they blocked the page in all; the time between two frames; the
layout shift that no press explains, of the worst run; the longest time from a press of a key or of
the mouse to the next frame, and to the frame that shows what was wanted. All times are
milliseconds.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import APIRequestContext, Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, ONLY_HERE, ROOT, run, serving
from tests.browser.large_glossary import ENTRIES, large_glossary
from tests.browser.moment import HEAD, Moment, begin, end, row, until_shown, watched
from tests.services.scripted_model import by_words, scripted_model

TURNS = 200
WHEEL_PX = 400
RESTING_FRAMES = 20
TYPING_MS = 80
PACE_S = 0.03
QUESTION = "What is quantization?"
TOLD = "Quantization is the conversion of the weights of a neural network to fewer bits [1]."
LONG = "\n\n".join([TOLD, f"- **{TOLD}**\n- {TOLD}", TOLD] * 3)
NEXT_FRAME = (
    "() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(scrollY))))"
)


def scroll(page: Page, step_px: int) -> None:
    """Turn the wheel until the page does not move any more."""
    page.mouse.move(640, 400)
    places: list[float] = []
    while len(set(places[-RESTING_FRAMES:])) > 1 or len(places) < RESTING_FRAMES:
        page.mouse.wheel(0, step_px)
        places.append(page.evaluate(NEXT_FRAME))


def glossary(browser: Browser, url: str) -> list[Moment]:
    """Open the list, scroll through it, find a term by typing, choose a category with the keys."""
    with watched(browser, url) as page:
        page.goto("/glossary", wait_until="networkidle")
        moments = [end(page, "opened")]
        begin(page)
        scroll(page, WHEEL_PX)
        moments.append(end(page, "scrolled"))
        page.evaluate("scrollTo(0, 0)")
        begin(page, "#results")
        for number, typed in enumerate(("bth", "ing", " 00", "01"), 1):
            page.get_by_label("Find a term").press_sequentially(typed, delay=TYPING_MS)
            until_shown(page, number)
        moments.append(end(page, "term typed"))
        page.get_by_label("Find a term").fill("")
        page.get_by_label("Category").focus()
        page.wait_for_load_state("networkidle")
        begin(page, "#results")
        for number in range(1, 5):
            page.keyboard.press("ArrowDown")
            until_shown(page, number)
        moments.append(end(page, "category chosen"))
    return moments


def begin_conversation(request: APIRequestContext, turns: int) -> str:
    """Ask so many questions that quotes answer; return the address of their conversation."""
    body = {"question": QUESTION, "llm": "extractive"}
    for _ in range(turns):
        kept = request.post("/chat", data=body).json()
        body["conversation_id"] = kept["conversation_id"]
    return f"/?c={body['conversation_id']}"


def conversation(browser: Browser, url: str, turns: int = TURNS) -> list[Moment]:
    """Open all but one turn, show them all, scroll through them, and ask one more question."""
    with watched(browser, url) as page:
        address = begin_conversation(page.request, turns - 1)
        page.goto(address, wait_until="networkidle")
        moments = [end(page, "opened"), _earlier(page)]
        begin(page)
        scroll(page, WHEEL_PX)
        scroll(page, -4 * WHEEL_PX)
        moments.append(end(page, "scrolled"))
        box = page.get_by_label("Your question")
        begin(page, "#suggestions")
        box.press_sequentially("What is quan", delay=TYPING_MS)
        until_shown(page, 1)
        moments.append(end(page, "question typed"))
        box.fill(QUESTION)
        begin(page, "#thread")
        box.press("Enter")
        page.locator(".turn[data-answer]").nth(turns - 1).wait_for()
        moments.append(end(page, "answer written"))
    return moments


def _earlier(page: Page) -> Moment:
    begin(page, "#thread")
    earlier, number = page.get_by_role("link", name="Show earlier"), 0
    while earlier.count():
        number += 1
        earlier.click()
        until_shown(page, number)
    return end(page, "earlier turns shown")


def tell(title: str, measure: Callable[[], Sequence[Moment]], times: int) -> None:
    """Measure so many times and print the medians."""
    runs = [measure() for _ in range(times)]
    print(f"{title:24}", *HEAD, sep="  ")
    for moments in zip(*runs, strict=True):
        print(row(moments))


def main() -> None:
    """Serve both from a home of their own and measure them."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with TemporaryDirectory() as temporary, sync_playwright() as playwright:
        home = Path(temporary)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*ARGUMENTS, ONLY_HERE]
        )
        with large_glossary(home / "large") as large:
            glossary(browser, large.url)  # the browser itself starts slowly
            tell(f"{ENTRIES:,} entries", lambda: glossary(browser, large.url), times)
        run(home, "ingest", str(ROOT / "corpus" / "glossary"))
        with (
            scripted_model(by_words(LONG, PACE_S)) as model,
            serving(home, AIFACTORY_LLM=model.llm) as server,
        ):
            tell(f"{TURNS} turns", lambda: conversation(browser, server.url), times)
        browser.close()


if __name__ == "__main__":
    main()
