"""Entries as they are seen: quotes, hostile text, both themes, small and large, on paper."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from corpus.passage import UnitKind
from eval.evaluation import Evaluation, QueryRecord
from eval.keeping import KEPT, keep
from tests.api.markdown.as_written import SIGN, squeezed, visible
from tests.browser.conftest import OpenPage, Server, run, serving

HOSTILE = "zebra-script-window-ran-1-script"
Violations = Callable[[Page], list[str]]
PATHS = (
    "/glossary",
    "/glossary?q=chiplett",
    "/glossary?q=chiplett&letter=F&category=Transistors",
    "/glossary?letter=W&category=Transistors",
    "/glossary?letter=C",
    "/glossary?letter=zzzzzzzzz",
    "/nope",
    "/glossary/yardstick-sample",
    f"/glossary/{HOSTILE}",
    "/glossary/chiplet?start=0&end=20",
    "/glossary/chiplet?start=0&end=99999",
    "/glossary/no-such-thing",
    "/evaluation",
)
LATEST = "20260103030405-lamps-dev"
WRONG = ("no-such-thing", "zzzzzzzzz", "nope")


@pytest.fixture(scope="module")
def spans(glossary_home: Path) -> list[tuple[str, int, int, str]]:
    """A sentence, an item, a row, a code block and a formula of the sample entry."""
    entry = json.loads(run(glossary_home, "show", "yardstick-sample", "--json"))
    units = {u["kind"]: u for passage in entry["passages"] for u in passage["units"]}
    return [
        (kind, unit["start"], unit["end"], entry["body"][unit["start"] : unit["end"]])
        for kind, unit in units.items()
    ]


@pytest.fixture(scope="module")
def evaluated_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose home holds two evaluations and no glossary."""
    home = tmp_path_factory.mktemp("evaluated")
    by_query = {"q1": 0.5, "q2": 1.0, "q3": 0.0}
    for folder in ("20260102030405-lamps-dev", LATEST):
        evaluation = Evaluation(
            name="lamps",
            created="2026-01-02T03:04:05+00:00",
            dataset={"name": "lamps", "split": "dev"},
            system={"snapshot": "00000000000000bb"},
            tasks={"retrieval": {"nDCG@10": by_query, "P@1": by_query}},
            records={query: QueryRecord(query) for query in by_query},
        )
        keep(home / KEPT / folder, evaluation, None)
    with serving(home) as running:
        yield running


def marked(page: Page) -> str:
    """Return every highlighted character but white space; a sign stands for a formula."""
    marks = page.locator(".prose mark").evaluate_all(
        """(marks, sign) => marks.map((mark) => {
            const copy = mark.cloneNode(true);
            for (const math of copy.querySelectorAll("math")) math.replaceWith(sign);
            return copy.textContent;
        })""",
        SIGN,
    )
    return squeezed("".join(marks))


def test_a_permalink_shows_the_quoted_characters_in_sight(
    open_page: OpenPage, spans: list[tuple[str, int, int, str]]
) -> None:
    page = open_page("/glossary/yardstick-sample")
    assert {kind for kind, *_ in spans} == set(UnitKind)
    for kind, start, end, quote in spans:
        page.goto(f"/glossary/yardstick-sample?start={start}&end={end}#quote")
        assert page.locator("#quote").count() == 1
        box = page.locator("#quote").bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 720
        assert marked(page) == visible(quote, UnitKind(kind)), kind


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
    watched.allowed.extend(WRONG)  # type: ignore[attr-defined]
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_evaluation_and_its_report_have_no_barrier(
    open_page: OpenPage, evaluated_server: Server, violations: Violations, scheme: str
) -> None:
    page = open_page("/evaluation", base_url=evaluated_server.url, color_scheme=scheme)
    assert page.locator(".history-table tbody tr").count() == 2
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("link", name="Open the full report").click()
    assert page.url.endswith(f"/evaluation/{LATEST}/report")
    report = page.request.get(page.url).text()
    page.goto("about:blank")  # there the report itself runs nothing, and axe could not either
    page.set_content(report)
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 1440])
def test_pages_fit_their_window(open_page: OpenPage, watched: object, width: int) -> None:
    watched.allowed.extend(WRONG)  # type: ignore[attr-defined]
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
