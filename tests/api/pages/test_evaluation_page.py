from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from starlette.testclient import TestClient

from eval.evaluation import Evaluation, QueryRecord
from eval.keeping import KEPT, keep
from rag.settings import Settings

REPORT = "/evaluation/20260102030405-lamps-dev/report"


def evaluation(
    name: str, values: tuple[float, ...], snapshot: str = "00000000000000bb"
) -> Evaluation:
    by_query = {f"q{number}": value for number, value in enumerate(values)}
    return Evaluation(
        name=name,
        created="2026-01-02T03:04:05+00:00",
        dataset={"name": "lamps", "split": "dev"},
        system={"snapshot": snapshot} if snapshot else {},
        tasks={"retrieval": {"nDCG@10": by_query}},
        records={query: QueryRecord(query) for query in by_query},
    )


def keep_two(home: Path) -> None:
    keep(home / KEPT / "20260102030405-lamps-dev", evaluation("before", (0.0, 1.0)), None)
    keep(home / KEPT / "20260103030405-lamps-dev", evaluation("after", (1.0, 1.0)), None)


def test_without_an_evaluation_the_page_tells_the_command(client: TestClient) -> None:
    assert "<code>aifactory eval run --split dev</code>" in client.get("/evaluation").text


def test_without_a_snapshot_evaluations_are_shown_too(
    client_without_snapshot: TestClient, settings: Settings
) -> None:
    keep_two(settings.home)
    assert client_without_snapshot.get("/evaluation").status_code == 200


def test_the_latest_evaluation_comes_first_with_its_figures(
    client: TestClient, settings: Settings
) -> None:
    keep_two(settings.home)
    html = client.get("/evaluation").text
    assert '<h2 id="latest-title">after</h2>' in html
    assert re.findall(r'<th scope="row">(\w+)<br>', html) == ["after", "before"]
    assert re.findall(r"<td>([\d.]+)<br>", html) == ["1.000", "0.500"]
    assert "<code>00000000000000bb</code> (another one is open now)" in html
    assert f'href="{REPORT}"' in html


def test_an_evaluation_without_a_snapshot_names_none(
    client: TestClient, settings: Settings
) -> None:
    folder = settings.home / KEPT / "20260104030405-lamps-dev"
    keep(folder, evaluation("from a file", (1.0,), snapshot=""), None)
    html = client.get("/evaluation").text
    assert '<p class="quiet">lamps dev · 2026-01-02 03:04 UTC</p>' in html


def test_a_report_may_show_its_own_style_and_nothing_else(
    client: TestClient, settings: Settings
) -> None:
    keep_two(settings.home)
    report = client.get(REPORT)
    style = re.findall(r"<style>(.*?)</style>", report.text, re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policies = report.headers.get_list("content-security-policy")
    assert len(policies) == 1
    assert f"style-src 'sha256-{digest}'" in policies[0]
    assert "unsafe-inline" not in policies[0]
    assert "sandbox" in policies[0]


def test_no_file_outside_of_the_evaluations_is_served(
    client: TestClient, settings: Settings
) -> None:
    keep_two(settings.home)
    (settings.home / "report.html").write_text("outside")
    for folder in ("..", "%2e%2e", "..%2f..", ".", "nothing", "a" * 300):
        assert client.get(f"/evaluation/{folder}/report").status_code in (404, 422)


def test_a_damaged_result_is_named_and_sinks_nothing(
    client: TestClient, settings: Settings
) -> None:
    keep_two(settings.home)
    (settings.home / KEPT / "20260103030405-lamps-dev" / "evaluation.json").write_text("{")
    html = client.get("/evaluation").text
    assert '<h2 id="latest-title">before</h2>' in html
    assert "20260103030405-lamps-dev" in html
