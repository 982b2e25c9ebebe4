"""The application and the command line over the fake Chat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

import rag.opening
from api.app import create_app
from api.cli import app
from rag.settings import Settings
from tests.api.fake_chat import SNAPSHOT, FakeChat, opening

Run = Callable[..., Result]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """A client of the application with a snapshot open."""
    application = create_app(settings, opening(FakeChat()), live_id=lambda: SNAPSHOT)
    with TestClient(application, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client_without_snapshot(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings, opening(None), live_id=lambda: None)) as client:
        yield client


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command over the fake Chat."""
    monkeypatch.setattr(rag.opening, "open_chat", opening(FakeChat()))
    return lambda *arguments, **more: CliRunner().invoke(app, list(arguments), **more)


@pytest.fixture
def run_without_snapshot(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(rag.opening, "open_chat", opening(None))
    return lambda *arguments: CliRunner().invoke(app, list(arguments))
