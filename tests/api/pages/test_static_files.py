from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.pages.static_files import FOLDER, StaticFiles

FOR_EVER = "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/", "/glossary", "/glossary/tensor", "/evaluation"])
def test_every_file_a_page_links_is_served_for_ever(client: TestClient, path: str) -> None:
    links = re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get(path).text)
    assert len(links) >= 3
    for link in links:
        assert client.get(link).headers["cache-control"] == FOR_EVER


def test_the_address_changes_with_the_content(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a {}")
    before = StaticFiles(tmp_path).path("a.css")
    (tmp_path / "a.css").write_text("b {}")
    assert StaticFiles(tmp_path).path("a.css") != before


@pytest.mark.parametrize("path", ["/static/base.css", "/static/0000/base.css"])
def test_without_the_present_version_the_browser_asks_again(client: TestClient, path: str) -> None:
    found = client.get(path)
    assert found.headers["cache-control"] == "no-cache"
    again = client.get(path, headers={"If-None-Match": found.headers["etag"]})
    assert again.status_code == 304


def test_files_come_compressed_to_those_who_can_unpack(client: TestClient) -> None:
    compressed = client.get("/static/base.css", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/static/base.css", headers={"Accept-Encoding": "identity"})
    assert compressed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert compressed.content == plain.content == (FOLDER / "base.css").read_bytes()
    assert compressed.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/nothing.css",
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/a/b/base.css",
    ],
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_files_are_read_only(client: TestClient) -> None:
    assert client.post("/static/base.css").status_code == 405
    assert client.head("/static/base.css").headers["content-length"] != "0"


def test_a_misspelt_file_is_found_before_a_page_links_it() -> None:
    with pytest.raises(KeyError, match=r"bsae\.css"):
        StaticFiles().path("bsae.css")
