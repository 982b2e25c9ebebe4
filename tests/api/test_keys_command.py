from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from api.cli import app
from api.door.api_keys import Wish, keys_of, parts_of
from rag.settings import Settings

ID = re.compile(r"[0-9a-f]{12}")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AIFACTORY_HOME", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_a_key_is_made_shown_once_listed_and_revoked(home: Path) -> None:
    made = run("keys", "create", "web front end", "--scopes", "ask, admin", "--concurrent", "4")
    assert made.exit_code == 0
    token = made.stdout.strip()
    key_id, secret = parts_of(token)
    assert ID.fullmatch(key_id)
    listed = run("keys", "list").stdout
    assert listed.startswith(f"{key_id}  web front end  ask,admin  made ")
    assert "4 at once" in listed
    assert secret not in listed + made.stderr
    assert run("keys", "revoke", key_id).exit_code == 0
    assert "revoked" in run("keys", "list").stdout
    with closing(keys_of(Settings(home=home))) as keys:
        assert not keys.any_works()


def test_programs_read_keys_as_json(home: Path) -> None:
    arguments = ("--rate-per-minute", "60", "--expires", "30", "--json")
    made = json.loads(run("keys", "create", "job", *arguments).stdout)
    token = made.pop("key")
    assert made["rate_per_minute"] == 60
    assert made["scopes"] == ["ask"]
    assert made["expires_at"] - made["created_at"] == pytest.approx(30 * 86_400)
    (listed,) = json.loads(run("keys", "list", "--json").stdout)
    assert listed == made
    assert parts_of(token)[0] == made["key_id"]
    assert "secret_sha256" not in listed


def test_a_key_that_lasts_past_all_calendars_is_listed(home: Path) -> None:
    with closing(keys_of(Settings(home=home))) as keys:
        keys.create(Wish("web", days=1.0))
        with keys._database.writing() as connection:
            connection.execute(text("UPDATE aifactory_api_keys SET expires_at = 1e300"))
    listed = run("keys", "list")
    assert listed.exit_code == 0
    assert listed.stdout.endswith("until 9999-12-31\n")


def test_without_a_key_the_list_says_how_to_make_one(home: Path) -> None:
    assert "aifactory keys create NAME" in run("keys", "list").stdout
    assert json.loads(run("keys", "list", "--json").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("keys", "create", "web", "--scopes", "root"), "the scopes are 'root'"),
        (("keys", "create", ""), "the name has 0 characters"),
        (("keys", "create", "web", "--concurrent", "-1"), "--concurrent"),
        (("keys", "create", "web", "--expires", "1e300"), "1e+300 days is out of bounds"),
        (("keys", "create", "web", "--rate-per-minute", "9" * 20), "is out of bounds"),
        (("keys", "revoke", "nothing"), "aifactory keys list"),
        (("serve", "--host", "0.0.0.0", "--port", "0"), "--open-to-everyone"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_mistake_is_one_line_with_the_way_out(
    home: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert re.fullmatch(r"aifactory: .+\n", done.stderr)


def test_traces_without_their_extra_are_one_line(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIFACTORY_TRACES", "true")
    monkeypatch.setattr("api.observing.tracing._PACKAGES", ("nothing.at.all",))
    done = run("serve")
    assert done.exit_code == 2
    assert "ai-factory-chat[telemetry]" in done.stderr
