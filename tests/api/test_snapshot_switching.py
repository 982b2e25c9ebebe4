from __future__ import annotations

from pathlib import Path

import pytest

from api.errors import SnapshotUnknown
from api.snapshot_switching import activate, roll_back
from indexes.errors import EmbedderMismatch, IngestionRunning
from indexes.store import Store
from rag.ingestion import Ingestion, Request
from rag.settings import Settings
from tests.fakes import WordEmbedder


def ingested(store: Store, source: Path, word: str) -> str:
    source.write_text(f'{{"term": "Lamp", "definition": "A lamp has {word}."}}\n')
    return Ingestion(store, WordEmbedder("lamp")).run(Request((source,))).snapshot_id


@pytest.fixture
def home(tmp_path: Path) -> tuple[Settings, str, str]:
    """A home with two snapshots of a model that the server does not have, the second live."""
    store = Store(tmp_path / "home")
    source = tmp_path / "lamps.jsonl"
    first, second = (ingested(store, source, word) for word in ("light", "a bulb"))
    return Settings(home=store.home), first, second


def test_what_the_server_cannot_open_is_not_made_live(home: tuple[Settings, str, str]) -> None:
    settings, first, second = home
    with pytest.raises(EmbedderMismatch):
        activate(settings, first)
    assert Store(settings.home).current() == second


def test_going_back_to_what_cannot_be_opened_leaves_everything_as_it_was(
    home: tuple[Settings, str, str],
) -> None:
    settings, first, second = home
    with pytest.raises(EmbedderMismatch):
        roll_back(settings)
    store = Store(settings.home)
    assert store.current() == second
    assert store.rollback() == first  # the history is as it was


def test_nothing_is_switched_during_an_ingestion(home: tuple[Settings, str, str]) -> None:
    settings, first, second = home
    with Store(settings.home).lock():
        for switch in (lambda: activate(settings, first), lambda: roll_back(settings)):
            with pytest.raises(IngestionRunning):
                switch()
    assert Store(settings.home).current() == second


def test_a_name_that_is_no_id_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "home" / "models").mkdir(parents=True)
    with pytest.raises(SnapshotUnknown):
        activate(Settings(home=tmp_path / "home"), "models")
    with pytest.raises(SnapshotUnknown):
        roll_back(Settings(home=tmp_path / "home"))
