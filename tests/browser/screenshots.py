"""Take the screenshots of the documentation, on the bundled glossary.

python -m tests.browser.screenshots docs/images
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, ONLY_HERE, ROOT, run, serving
from tests.browser.small_png import smaller

MOST_BYTES = 120 * 1024
WIDE = {"width": 1280, "height": 800}
QUESTION = "What is a neural ODE?"


@contextmanager
def opened(browser: Browser, url: str, path: str = "/", **options: Any) -> Iterator[Page]:
    """Open a page in a context of its own."""
    given = {"viewport": WIDE, "reduced_motion": "reduce", "base_url": url, **options}
    context = browser.new_context(**given)
    page = context.new_page()
    response = page.goto(path)
    assert response is not None
    assert response.ok, f"{path} has status {response.status}"
    yield page
    context.close()


def save(page: Page, folder: Path, name: str) -> None:
    """Save what the window shows; a picture that would be too large is refused."""
    page.wait_for_timeout(300)
    png = page.screenshot()
    page.goto("about:blank")
    content = smaller(png, page)
    file = folder / f"{name}.png"
    assert len(content) <= MOST_BYTES, f"{file} has {len(content)} bytes, more than {MOST_BYTES}"
    file.write_bytes(content)
    print(f"{file} {len(content)} bytes")


def ask(page: Page, question: str) -> None:
    """Ask and wait for the answer."""
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".turn[data-answer]").wait_for()


def open_source(page: Page) -> None:
    """Open the second source of the answer beside it."""
    page.locator(".turn button.marker").nth(1).click()
    page.locator("#panel mark").first.wait_for()
    page.evaluate("scrollTo(0, 0)")


def take(browser: Browser, url: str, folder: Path) -> None:
    """Take every screenshot."""
    for theme, name in (("light", "chat"), ("dark", "chat-dark")):
        with opened(browser, url, color_scheme=theme) as page:
            ask(page, QUESTION)
            open_source(page)
            save(page, folder, name)
    with opened(browser, url, "/glossary") as page:
        save(page, folder, "glossary")
    with opened(browser, url) as page:
        ask(page, QUESTION)
        page.goto(page.locator(".source .number").first.get_attribute("href") or "")
        save(page, folder, "entry")
    with opened(browser, url, "/evaluation") as page:
        save(page, folder, "evaluation-page")


def main() -> None:
    """Ingest and judge the bundled glossary in a home of its own, and take the screenshots."""
    folder = Path(sys.argv[1])
    with TemporaryDirectory() as temporary, sync_playwright() as playwright:
        home = Path(temporary)
        run(home, "ingest", str(ROOT / "corpus" / "glossary"))
        run(home, "eval", "run", "--split", "dev")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*ARGUMENTS, ONLY_HERE]
        )
        with serving(home) as server:
            take(browser, server.url, folder)
        browser.close()


if __name__ == "__main__":
    main()
