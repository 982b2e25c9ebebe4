from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from api.errors import BodyTooLarge, RequestInvalid
from api.uploads.unpacking import MAX_DIRECTORY_BYTES, unpack

Pack = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    def build(*members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
        archive = tmp_path / "some.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in members:
                packed.writestr(name, content)
        return archive

    return build


def test_folders_and_files_come_out(pack: Pack, tmp_path: Path) -> None:
    archive = pack(("a/", b""), ("a/b.md", b"12345"), ("c.md", b"67"))
    assert unpack(archive, tmp_path / "out", 7) == 7
    assert (tmp_path / "out" / "a" / "b.md").read_bytes() == b"12345"


def link(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


@pytest.mark.parametrize(
    "name",
    [*"../evil.md /etc/evil.md a/../../evil.md a//b.md ..\\evil.md a\x01b".split(), "x" * 300],
)
def test_a_name_that_leads_elsewhere_is_refused(pack: Pack, tmp_path: Path, name: str) -> None:
    member = zipfile.ZipInfo("plain")
    member.filename = name
    with pytest.raises(RequestInvalid, match=r"some\.zip"):
        unpack(pack((member, b"evil")), tmp_path / "out", 100)
    assert not (tmp_path / "evil.md").exists()


def test_links_are_refused(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(RequestInvalid, match="link"):
        unpack(pack((link("passwords.md"), b"/etc/passwd")), tmp_path / "out", 100)


def test_a_name_within_a_file_or_twice_is_refused(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(RequestInvalid, match="twice"):
        unpack(pack(("a", b"1"), ("a/b", b"2")), tmp_path / "one", 100)
    with pytest.raises(RequestInvalid, match="twice"):
        unpack(pack(("a/b", b"1"), ("a", b"2")), tmp_path / "two", 100)


def test_a_bomb_stops_where_the_limit_is(pack: Pack, tmp_path: Path) -> None:
    archive = pack(("zeros.md", bytes(50_000_000)))
    assert archive.stat().st_size < 100_000
    with pytest.raises(BodyTooLarge, match="1000000 bytes"):
        unpack(archive, tmp_path / "out", 1_000_000)
    assert (tmp_path / "out" / "zeros.md").stat().st_size <= 1_000_000


def test_a_lie_about_the_size_does_not_help(pack: Pack, tmp_path: Path) -> None:
    archive = pack(("zeros.md", bytes(2_000_000)))
    content = archive.read_bytes()
    archive.write_bytes(content.replace((2_000_000).to_bytes(4, "little"), b"\x05\0\0\0"))
    with pytest.raises((RequestInvalid, BodyTooLarge)):
        unpack(archive, tmp_path / "out", 1_000_000)


def test_too_long_a_list_of_contents_is_refused_unread(tmp_path: Path) -> None:
    end = b"PK\x05\x06" + bytes(4) + b"\xff\xff\xff\xff"
    end += (MAX_DIRECTORY_BYTES + 1).to_bytes(4, "little") + bytes(6)
    (tmp_path / "some.zip").write_bytes(bytes(100) + end)
    with pytest.raises(RequestInvalid, match="list of contents"):
        unpack(tmp_path / "some.zip", tmp_path / "out", 100)


@pytest.mark.parametrize("at", range(0, 140, 7))
def test_damage_is_a_mistake_of_the_sender(pack: Pack, tmp_path: Path, at: int) -> None:
    archive = pack(("a.md", b"some text, and some more"))
    content = bytearray(archive.read_bytes())
    if at < len(content):
        content[at] ^= 0xFF
    archive.write_bytes(content)
    try:
        unpack(archive, tmp_path / "out", 1000)
    except (RequestInvalid, BodyTooLarge):
        return
    assert (tmp_path / "out").is_dir()
