"""A snapshot is named by what it holds, and refuses contents that do not fit together."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexes.errors import SnapshotCorrupt
from indexes.known_vectors import KnownVectors
from indexes.manifest import Counts, Manifest
from indexes.records import Records, write_records
from indexes.snapshot import identify_snapshot, text_keys, write_snapshot
from tests.contents import TREES, make_contents, make_entry

ENTRIES = [make_entry(term, body) for term, body in TREES.items()]
FINGERPRINT = make_contents().fingerprint


def test_the_id_is_sixteen_hex_digits_of_the_content() -> None:
    address = [1, sorted(e.fingerprint() for e in ENTRIES), FINGERPRINT.digest(), {"cut": 1}]
    expected = hashlib.sha256(json.dumps(address).encode()).hexdigest()[:16]
    assert identify_snapshot(ENTRIES, FINGERPRINT, {"cut": 1}) == expected


def test_the_id_depends_neither_on_order_nor_on_where_entries_were_read() -> None:
    moved = [make_entry(e.term, e.body, line=99) for e in reversed(ENTRIES)]
    configurations = ({"a": 1, "b": 2}, {"b": 2, "a": 1})
    first, second = configurations
    assert identify_snapshot(ENTRIES, FINGERPRINT, first) == identify_snapshot(
        moved, FINGERPRINT, second
    )


def test_the_id_depends_on_entries_model_runtime_and_configuration() -> None:
    ids = {
        identify_snapshot(ENTRIES, FINGERPRINT, {}),
        identify_snapshot(ENTRIES[:2], FINGERPRINT, {}),
        identify_snapshot([*ENTRIES[:2], replace(ENTRIES[2], body="else")], FINGERPRINT, {}),
        identify_snapshot(ENTRIES, replace(FINGERPRINT, model="other"), {}),
        identify_snapshot(ENTRIES, replace(FINGERPRINT, runtime="other"), {}),
        identify_snapshot(ENTRIES, FINGERPRINT, {"cut": 1}),
    }
    assert len(ids) == 6


def test_contents_out_of_order_are_refused() -> None:
    contents = make_contents()
    with pytest.raises(ValueError, match="ascending"):
        replace(contents, entries=contents.entries[::-1])
    with pytest.raises(ValueError, match="numbered from 0"):
        replace(contents, passages=contents.passages[::-1])
    with pytest.raises(ValueError, match="numbered from 0"):
        replace(contents, entries=contents.entries[1:])


def test_arrays_that_do_not_fit_are_refused() -> None:
    contents = make_contents()
    with pytest.raises(ValueError, match=r"\(4, 4\) .*float32"):
        replace(contents, passage_vectors=contents.passage_vectors[1:])
    with pytest.raises(ValueError, match=r"\(5, 4\) .*float32.* float64"):
        replace(contents, unit_vectors=contents.unit_vectors.astype(np.float64))
    with pytest.raises(ValueError, match=r"\(5, 16\)"):
        replace(contents, unit_keys=contents.unit_keys[:, :8])


def test_the_manifest_tells_what_the_snapshot_holds(tmp_path: Path) -> None:
    folder = tmp_path / "0123456789abcdef"
    folder.mkdir()
    write_snapshot(make_contents(), folder.name, folder)
    manifest = Manifest.read(folder)
    assert manifest.snapshot_id == "0123456789abcdef"
    assert manifest.created_at.endswith("+00:00")
    assert manifest.fingerprint == FINGERPRINT
    assert manifest.counts == Counts(entries=3, passages=4, units=5, families=1)
    assert manifest.configuration == {"cut": "blank lines"}
    assert manifest.sources == ({"source": "trees.md", "entries": 3},)
    on_disk = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert on_disk == {*manifest.files, "manifest.json"}
    entries = (folder / "entries.jsonl").read_bytes()
    assert manifest.files["entries.jsonl"].bytes == len(entries)
    assert manifest.files["entries.jsonl"].sha256 == hashlib.sha256(entries).hexdigest()


def test_a_manifest_of_a_later_format_names_both_versions(tmp_path: Path) -> None:
    folder = tmp_path / "0123456789abcdef"
    folder.mkdir()
    content = {"format_version": 2, "anything": "else"}
    checksum = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    text = json.dumps({**content, "checksum": checksum}, sort_keys=True, indent=1)
    (folder / "manifest.json").write_text(text)
    with pytest.raises(SnapshotCorrupt, match=r"manifest\.json has format 2, expected 1"):
        Manifest.read(folder)


def test_progress_counts_entries_and_passages(tmp_path: Path) -> None:
    steps: list[int] = []
    write_snapshot(make_contents(), "0" * 16, tmp_path, steps.append)
    assert sum(steps) == 3 + 4


def test_records_are_read_by_row(tmp_path: Path) -> None:
    rows = [{"a": "naïve ✓"}, [1, None], "line\nbreak\u2028"]
    write_records(tmp_path / "r.jsonl", rows)
    records = Records(tmp_path / "r.jsonl")
    assert [records[2], records[0], records[1]] == [rows[2], rows[0], rows[1]]
    assert list(records) == rows
    with pytest.raises(IndexError):
        records[3]
    records.close()


def test_no_records_are_no_trouble(tmp_path: Path) -> None:
    write_records(tmp_path / "r.jsonl", [])
    records = Records(tmp_path / "r.jsonl")
    assert (len(records), list(records)) == (0, [])
    records.close()


def test_text_keys_are_blake2b_of_each_text() -> None:
    keys = text_keys(["tree", "wald 🌳"])
    assert (keys.shape, keys.dtype.name) == ((2, 16), "uint8")
    assert keys[1].tobytes() == hashlib.blake2b("wald 🌳".encode(), digest_size=16).digest()
    assert text_keys([]).shape == (0, 16)


def test_known_vectors_are_found_by_text() -> None:
    passages, units = np.eye(2, dtype=np.float32), -np.eye(2, dtype=np.float32)
    known = KnownVectors(text_keys(["a", "b", "c", "d"]), passages, units)
    mask, vectors = known.find(text_keys(["d", "x", "a", "d"]))
    assert mask.tolist() == [True, False, True, True]
    assert vectors.tolist() == [[0, -1], [1, 0], [0, -1]]


def test_keys_that_end_in_zero_bytes_are_told_apart() -> None:
    keys = np.zeros((3, 16), np.uint8)
    keys[1, 0], keys[2, :2] = 7, 7
    known = KnownVectors(keys[:2], np.eye(2, dtype=np.float32))
    mask, vectors = known.find(keys)
    assert (mask.tolist(), vectors.tolist()) == ([True, True, False], [[1, 0], [0, 1]])


def test_nothing_known_finds_nothing() -> None:
    mask, vectors = KnownVectors.none(5).find(text_keys(["a"]))
    assert (mask.tolist(), vectors.shape) == ([False], (0, 5))
    mask, vectors = KnownVectors.none(5).find(text_keys([]))
    assert (mask.shape, vectors.shape) == ((0,), (0, 5))
