"""What is measured of a glossary while it is read; the measure itself is a command."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.large_glossary import large_glossary
from tests.browser.moment import Moment, part, row
from tests.browser.smoothness import glossary

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


def test_every_moment_of_a_glossary_is_measured_and_nothing_shifts(
    browser: Browser, tmp_path: Path
) -> None:
    with large_glossary(tmp_path, 300) as large:
        moments = {moment.name: moment for moment in glossary(browser, large.url)}
    assert list(moments) == ["opened", "scrolled", "term typed", "category chosen"]
    assert len(moments["term typed"].results) == 4
    assert len(moments["category chosen"].results) == 4
    assert all(moment.gaps for moment in moments.values())
    assert [moment.shift for moment in moments.values()] == [0, 0, 0, 0]


def test_a_row_tells_medians_and_the_worst_shift() -> None:
    runs = [
        Moment("typed", (60.0, 90.0), (16.0, 17.0, 40.0), 0.0, (24.0,), (100.0, 120.0)),
        Moment("typed", (), (16.0,), 0.25, (), ()),
        Moment("typed", (70.0,), (16.0, 18.0), 0.0, (32.0,), (90.0,)),
    ]
    assert row(runs).split() == "typed 1 70 20 16 18 18 0.250 24 90".split()


def test_a_share_is_the_nearest_rank() -> None:
    assert [part((4.0, 1.0, 3.0, 2.0), share) for share in (0.5, 0.75, 0.95)] == [2.0, 3.0, 4.0]
    assert part((), 0.5) == 0
