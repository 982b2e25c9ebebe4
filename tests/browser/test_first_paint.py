"""What a page waits for before anything of it is painted."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.first_paint import PAINTED

MOST_BLOCKING_BYTES = 16 * 1024  # compressed; what fits into the first round trips
BLOCKING = """performance.getEntriesByType("resource")
    .filter((entry) => entry.renderBlockingStatus === "blocking")
    .map((entry) => [entry.name.split("/").pop(), entry.encodedBodySize])"""


@pytest.mark.parametrize(
    ("path", "sheet"),
    [
        ("/", "chat.css"),
        ("/glossary", "glossary.css"),
        ("/glossary/yardstick-sample", "glossary.css"),
        ("/evaluation", "glossary.css"),
    ],
)
def test_a_page_waits_for_two_sheets_and_the_theme(
    open_page: OpenPage, path: str, sheet: str
) -> None:
    page = open_page(path)
    blocking = dict(page.evaluate(BLOCKING))
    assert set(blocking) == {"base.css", sheet, "theme.js"}
    assert sum(blocking.values()) <= MOST_BLOCKING_BYTES
    assert page.evaluate(PAINTED) > 0


def test_text_is_shown_in_a_font_that_is_there(open_page: OpenPage) -> None:
    page = open_page("/glossary/yardstick-sample")
    assert page.evaluate("[...document.fonts].length") == 0
