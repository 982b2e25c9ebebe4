from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import DDL, inspect, text

from api.door.api_keys import DAY_S, ApiKey, ApiKeys, Wish, parts_of
from api.errors import OptionInvalid
from rag.storing.database import Database, open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database("", tmp_path)
    yield opened
    opened.close()


def test_a_key_is_found_as_it_was_made(database: Database) -> None:
    keys = ApiKeys(database)
    key, token = keys.create(Wish("web", ("ask", "admin"), 60, 4, days=2))
    assert ApiKeys(database).list() == (key,)
    assert (key.name, key.scopes, key.rate_per_minute, key.concurrent) == (
        "web",
        ("ask", "admin"),
        60,
        4,
    )
    assert key.expires_at == key.created_at + 2 * DAY_S
    assert parts_of(token) == (key.key_id, token.rpartition("_")[2])


def test_a_key_opens_with_its_own_secret_only(database: Database) -> None:
    keys = ApiKeys(database)
    key, token = keys.create(Wish("web"))
    other, _ = keys.create(Wish("other"))
    secret = parts_of(token)[1]
    assert len(secret) == 64  # 256 bits in hexadecimal
    assert key.opens_with(secret)
    assert not key.opens_with(secret[:-1])
    assert not other.opens_with(secret)


def test_only_the_hash_of_a_secret_is_stored(database: Database, tmp_path: Path) -> None:
    key, token = ApiKeys(database).create(Wish("web"))
    database.close()
    secret = parts_of(token)[1]
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert secret.encode() not in stored
    assert hashlib.sha256(secret.encode()).hexdigest().encode() in stored
    assert key.secret_sha256 == hashlib.sha256(secret.encode()).hexdigest()


def test_a_revoked_key_stays_listed_and_never_works_again(database: Database) -> None:
    keys = ApiKeys(database)
    key, _ = keys.create(Wish("web"))
    assert keys.any_works()
    keys.revoke(key.key_id)
    (revoked,) = keys.list()
    assert revoked.revoked_at is not None
    assert not revoked.works(key.created_at)
    assert not keys.any_works()
    keys.revoke(key.key_id)
    assert keys.list() == (revoked,)


EARLIER = """CREATE TABLE api_keys (key_id VARCHAR(16) NOT NULL PRIMARY KEY, name TEXT NOT NULL,
secret_sha256 VARCHAR(64) NOT NULL, scopes TEXT NOT NULL, rate_per_minute INTEGER,
concurrent INTEGER, created_at FLOAT NOT NULL, expires_at FLOAT, revoked_at FLOAT)"""


def table_names(database: Database) -> set[str]:
    return {name for name in inspect(database.engine).get_table_names() if "keys" in name}


def test_the_keys_of_an_earlier_version_go_on_working(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(DDL(EARLIER))
        connection.execute(
            text("INSERT INTO api_keys VALUES ('a', 'web', '', 'ask', 60, 4, 1, 2, 3)")
        )
    kept = ApiKey("a", "web", "", ("ask",), 60, 4, 1.0, 2.0, 3.0)
    assert ApiKeys(database).list() == ApiKeys(database).list() == (kept,)
    assert table_names(database) == {"aifactory_api_keys"}


def test_a_strangers_table_of_the_earlier_name_stays(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(DDL("CREATE TABLE api_keys (secret TEXT)"))
    assert ApiKeys(database).list() == ()
    assert table_names(database) == {"api_keys", "aifactory_api_keys"}


def test_a_key_works_until_it_expires() -> None:
    key = ApiKey("a", "web", "", ("ask",), None, None, 100.0, 200.0, None)
    assert key.works(199.9)
    assert not key.works(200.0)


def test_revoking_what_does_not_exist_is_refused(database: Database) -> None:
    with pytest.raises(OptionInvalid, match="no key 'nothing'"):
        ApiKeys(database).revoke("nothing")


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish("web", ("ask", "root")), "the scopes are 'ask,root'"),
        (Wish("web", ()), "the scopes are ''"),
        (Wish("  "), "the name has 2 characters"),
        (Wish("x" * 201), "the name has 201 characters"),
        (Wish("web", days=1e300), r"1e\+300 days is out of bounds; use 0 to 36,500"),
        (Wish("web", days=float("nan")), "nan days"),
        (Wish("web", rate_per_minute=10**20), "requests a minute .* use 0 to 1,000,000"),
        (Wish("web", concurrent=-1), "-1 requests at once"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_key_that_makes_no_sense_is_refused(database: Database, wish: Wish, said: str) -> None:
    with pytest.raises(OptionInvalid, match=said):
        ApiKeys(database).create(wish)


@pytest.mark.parametrize("token", ["", "sk-anything", "aif_1", "aif_1_2_3", "xyz_1_2"])
def test_what_does_not_look_like_a_key_has_no_parts(token: str) -> None:
    assert parts_of(token) is None
