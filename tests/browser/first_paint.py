"""Measure the time to the first contentful paint of each page, on the bundled glossary.

python -m tests.browser.first_paint [TIMES]

Prints the median and the longest, in milliseconds since the navigation began: for a browser that
has nothing of the site yet, and for one that comes back.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, ONLY_HERE, ROOT, run, serving

PATHS = ("/", "/glossary", "/glossary/quantization", "/evaluation")
PAINTED = """() => new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("nothing was painted within 20 s")), 20000);
    const told = (list) => list.getEntriesByName("first-contentful-paint")
        .forEach((entry) => resolve(entry.startTime));
    new PerformanceObserver(told).observe({ type: "paint", buffered: true });
})"""


def paint_ms(page: Page, url: str) -> float:
    """Open an address; return when something of it was first painted."""
    page.goto(url)
    return float(page.evaluate(PAINTED))


def measure(browser: Browser, url: str, times: int) -> tuple[list[float], list[float]]:
    """Return the times of first visits and of second ones, each in a context of its own."""
    first, again = [], []
    for _ in range(times):
        context = browser.new_context()
        page = context.new_page()
        first.append(paint_ms(page, url))
        page.goto("about:blank")
        again.append(paint_ms(page, url))
        context.close()
    return first, again


def main() -> None:
    """Serve the bundled glossary from a home of its own and measure every page."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with TemporaryDirectory() as temporary, sync_playwright() as playwright:
        home = Path(temporary)
        run(home, "ingest", str(ROOT / "corpus" / "glossary"))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*ARGUMENTS, ONLY_HERE]
        )
        print(f"{'first contentful paint, ms':28} first visit      second visit")
        with serving(home) as server:
            measure(browser, server.url, 2)  # the browser itself starts slowly
            for path in PATHS:
                told = (
                    f"median {statistics.median(found):4.0f} max {max(found):4.0f}"
                    for found in measure(browser, server.url + path, times)
                )
                print(f"{path:28}", *told)
        browser.close()


if __name__ == "__main__":
    main()
