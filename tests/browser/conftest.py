"""Real servers on loopback and a headless Chromium that reaches nothing else."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = ROOT / "build" / "browser"
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars"
).split()
ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
MAIN = "from api.cli import main; main()"
AXE_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@dataclass(frozen=True)
class Server:
    """A running server: where it is and its home."""

    url: str
    home: Path
    process: subprocess.Popen[str]


@dataclass
class Watched:
    """What a page did that it should not do; a test names what it expects in `allowed`."""

    server: str
    allowed: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.console.append(f"{message.text} ({message.location.get('url', '')})")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.server, "data:", "about:", "blob:")):
            self.elsewhere.append(request.url)

    def check(self) -> None:
        told = [line for line in self.console if not any(part in line for part in self.allowed)]
        assert told == []
        assert self.elsewhere == []


def run(home: Path, *arguments: str) -> str:
    """Run a command of ours on a home; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *arguments],
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def serving(home: Path, port: int = 0, **settings: str) -> Iterator[Server]:
    """Serve a home on a port, by default a free one."""
    with subprocess.Popen(
        [sys.executable, "-u", "-c", MAIN, "serve", "--port", str(port)],
        env=_environment(home) | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        draining = Thread(target=process.stderr.read)  # a full pipe would stop the server
        try:
            told = process.stderr.readline()
            found = re.search(r"http://\S+(?=/)", told)
            assert found, told + process.stderr.read()
            draining.start()
            yield Server(found[0], home, process)
        finally:
            process.terminate()
            if draining.is_alive():
                draining.join(timeout=20)


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "AIFACTORY_HOME": str(home), "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="session")
def glossary_home(tmp_path_factory: pytest.TempPathFactory, prepared_home: Path) -> Path:
    """A home with the bundled glossary and the entries of tests/browser/glossary, hostile ones
    among them; tests read it and leave its snapshots as they are."""
    home = tmp_path_factory.mktemp("browser")
    (home / "models").symlink_to(prepared_home / "models")
    run(home, "ingest", str(ROOT / "corpus" / "glossary"), str(HERE / "glossary"))
    return home


@pytest.fixture(scope="session")
def server(glossary_home: Path) -> Iterator[Server]:
    """A server of `glossary_home`."""
    with serving(glossary_home) as running:
        yield running


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without a glossary."""
    with serving(tmp_path_factory.mktemp("empty")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    assert found, "the browser tests need Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, ONLY_HERE])
        yield launched
        launched.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def watched(server: Server) -> Iterator[Watched]:
    """What the pages of `open_page` do; checked when the test ends."""
    found = Watched(server.url)
    yield found
    found.check()


@pytest.fixture
def open_page(browser: Browser, server: Server, watched: Watched) -> Iterator[OpenPage]:
    """Open a path of the server in a fresh context; options are those of `Browser.new_context`.

    `base_url` names another server.
    """
    contexts: list[BrowserContext] = []

    def open_path(path: str = "/", **options: Any) -> Page:
        context = browser.new_context(**{"base_url": server.url, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        watched.server = options.get("base_url", server.url)
        page = context.new_page()
        watched.watch(page)
        page.goto(path)
        return page

    yield open_path
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The script axe-core, installed from npm when it is not there yet."""
    locked = (HERE / "package-lock.json").read_bytes()
    kept = BUILD / "package-lock.json"
    script = BUILD / "node_modules" / "axe-core" / "axe.min.js"
    if not (script.is_file() and kept.is_file() and kept.read_bytes() == locked):
        BUILD.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(HERE / name, BUILD / name)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=BUILD, check=True, timeout=120)
    return script.read_text(encoding="utf-8")


@pytest.fixture
def violations(axe_source: str) -> Callable[[Page], list[str]]:
    """Return what axe-core has against a page as it is now: the rule and the elements."""

    def find(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe_source)
        found = page.evaluate("rules => axe.run(document, rules)", AXE_RULES)
        return [
            f"{rule['id']}: {json.dumps([node['html'][:160] for node in rule['nodes']])}"
            for rule in found["violations"]
        ]

    return find
