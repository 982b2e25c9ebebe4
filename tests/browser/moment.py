"""What a browser does while something happens: what kept it busy, its frames, what moved, how long
a press of a key or of the mouse waited.

A context with the script `WATCH` notes it for every page from its beginning on. The terms are those
of https://w3c.github.io/longtasks/, https://w3c.github.io/event-timing/ and
https://wicg.github.io/layout-instability/.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

LONG_MS = 50  # a task that is longer blocks the page with what is beyond it
WINDOW = {"width": 1280, "height": 800}
WATCH = """(() => {
    if (window !== top || window.watch) return;
    let kept, pressed, told, waiting = [];
    const shown = new MutationObserver((records) => {
        if (pressed === null || !records.some((record) => record.addedNodes.length)) return;
        const since = pressed;
        pressed = null;
        requestAnimationFrame(() => setTimeout(() => {
            kept.results.push(performance.now() - since);
            told += 1;
            waiting = waiting.filter(({ number, done }) => told < number || done());
        }));
    });
    const notes = {
        longtask: (entry) => kept.tasks.push(entry.duration),
        "layout-shift": (entry) => { if (!entry.hadRecentInput) kept.shift += entry.value; },
        event: (entry) => { if (entry.interactionId) kept.presses.push(entry.duration); },
    };
    const observers = Object.entries(notes).map(([type, note]) => {
        const observer = new PerformanceObserver((list) => list.getEntries().forEach(note));
        observer.observe({ type, buffered: true, durationThreshold: 16 });
        return [observer, note];
    });
    const flush = () => {
        for (const [observer, note] of observers) observer.takeRecords().forEach(note);
    };
    const settled = () => new Promise((done) => {
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)));
    });
    let last = null;
    const frame = (now) => {
        if (last !== null) kept.gaps.push(now - last);
        last = now;
        requestAnimationFrame(frame);
    };
    for (const type of ["keydown", "pointerdown"]) {
        addEventListener(type, (event) => { pressed = event.timeStamp; }, { capture: true });
    }
    window.watch = {
        begin(selector) {
            flush();
            kept = { tasks: [], gaps: [], shift: 0, presses: [], results: [] };
            [pressed, told] = [null, 0];
            shown.disconnect();
            const place = selector && document.querySelector(selector);
            if (place) shown.observe(place, { childList: true, subtree: true });
        },
        until: (number) => new Promise((done, fail) => {
            if (told >= number) return done();
            waiting.push({ number, done });
            setTimeout(() => fail(new Error(`result ${number} was not shown within 20 s`)), 20000);
        }),
        async end() {
            await settled();
            flush();
            return kept;
        },
    };
    window.watch.begin();
    requestAnimationFrame(frame);
})()"""


@dataclass(frozen=True)
class Moment:
    """What happened, and what the browser did meanwhile; every time in milliseconds.

    `tasks` are the long ones, `gaps` are those between two frames, `shift` is the sum of the
    layout shifts that no press explains, `presses` are from a press to the frame after it,
    `results` from a press to the frame with what was wanted.
    """

    name: str
    tasks: tuple[float, ...]
    gaps: tuple[float, ...]
    shift: float
    presses: tuple[float, ...]
    results: tuple[float, ...]

    @property
    def figures(self) -> tuple[float, ...]:
        """The figures of `HEAD`."""
        blocking = sum(task - LONG_MS for task in self.tasks)
        frames = (part(self.gaps, 0.5), part(self.gaps, 0.95), max(self.gaps, default=0))
        return (
            len(self.tasks),
            max(self.tasks, default=0),
            blocking,
            *frames,
            self.shift,
            max(self.presses, default=0),
            max(self.results, default=0),
        )


HEAD = (
    "long tasks",
    "longest",
    "blocking",
    "frame p50",
    "p95",
    "worst",
    "shift",
    "paint",
    "result",
)


def part(values: Sequence[float], share: float) -> float:
    """Return the value that a share of the values does not exceed (nearest rank); 0 of none."""
    if not values:
        return 0
    return sorted(values)[max(1, math.ceil(share * len(values))) - 1]


def row(moments: Sequence[Moment]) -> str:
    """Return the figures of a moment that was measured several times: medians, the worst shift."""
    told = [f"{moments[0].name:24}"]
    for place, head in enumerate(HEAD):
        values = [moment.figures[place] for moment in moments]
        text = f"{max(values):.3f}" if head == "shift" else f"{statistics.median(values):.0f}"
        told.append(f"{text:>{len(head)}}")
    return "  ".join(told)


@contextmanager
def watched(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    """Open a page that notes what it does."""
    context = browser.new_context(base_url=url, viewport=WINDOW, **options)
    context.add_init_script(WATCH)
    yield context.new_page()
    context.close()


def begin(page: Page, shows: str | None = None) -> None:
    """Begin a moment anew; `shows` selects where its results appear."""
    page.evaluate("selector => watch.begin(selector)", shows)


def until_shown(page: Page, number: int) -> None:
    """Wait until so many results were shown since the moment began."""
    page.evaluate("number => watch.until(number)", number)


def end(page: Page, name: str) -> Moment:
    """End a moment: what the browser did since the page or the moment began."""
    kept = page.evaluate("watch.end()")
    lists = {key: tuple(kept[key]) for key in ("tasks", "gaps", "presses", "results")}
    return Moment(name=name, shift=kept["shift"], **lists)
