from __future__ import annotations

from pathlib import Path

import pytest

from api.door.exposure import Exposure, Names, client_of, exposure_of, is_loopback
from rag.settings import Settings


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("[::1]", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("app.localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.4", False),
        ("localhost.evil.test", False),
        ("127.0.0.1.nip.io", False),
        ("", False),
    ],
)
def test_what_always_means_this_machine(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("keys", "address", "expected"),
    [
        ("auto", "127.0.0.1", Exposure(keys_needed=False, this_machine_only=True)),
        ("auto", "0.0.0.0", Exposure(keys_needed=True, this_machine_only=False)),
        ("required", "127.0.0.1", Exposure(keys_needed=True, this_machine_only=False)),
        ("open", "0.0.0.0", Exposure(keys_needed=False, this_machine_only=False)),
        ("open", "127.0.0.1", Exposure(keys_needed=False, this_machine_only=False)),
    ],
)
def test_who_needs_a_key(tmp_path: Path, keys: str, address: str, expected: Exposure) -> None:
    assert exposure_of(Settings(home=tmp_path, keys=keys), address) == expected


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_whom_an_address_stands_for(address: str, client: str) -> None:
    assert client_of(address) == client


def names(**given: str) -> Names:
    return Names.of(Settings(home=Path("home"), **given))


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("localhost:8000", True),
        ("127.0.0.1", True),
        ("[::1]:8000", True),
        ("glossary.test", True),
        ("glossary.test:443", True),
        ("evil.test", False),
        ("", False),
        ("[", False),
    ],
)
def test_which_hosts_are_ours(host: str, ours: bool) -> None:
    assert names(public_url="https://glossary.test/").is_ours(host) is ours


@pytest.mark.parametrize(
    ("origin", "host", "welcome"),
    [
        ("http://localhost:8000", "localhost:8000", True),
        ("http://localhost:9000", "localhost:8000", False),
        ("https://front.test", "localhost:8000", True),
        ("https://other.test", "localhost:8000", True),
        ("https://glossary.test", "127.0.0.1:8000", True),
        ("https://evil.test", "localhost:8000", False),
        ("null", "localhost:8000", False),
        ("", "", False),
        ("http://[", "[", True),
    ],
)
def test_which_origins_are_welcome(origin: str, host: str, welcome: bool) -> None:
    given = names(
        cors_origins="https://front.test, https://other.test/,*", public_url="https://glossary.test"
    )
    assert given.is_welcome(origin, host) is welcome
