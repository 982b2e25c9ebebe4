"""Write a dataset in BEIR layout from Python values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Record = Mapping[str, Any]
HEADER = "query-id\tcorpus-id\tscore\n"


def query(query_id: str, text: str = "What is a lamp?", **metadata: Any) -> Record:
    return {"_id": query_id, "text": text, "metadata": metadata}


def write_lines(file: Path, records: Sequence[Record]) -> Path:
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    file.write_text("".join(lines), encoding="utf-8")
    return file


def write_dataset(
    folder: Path,
    queries: Sequence[Record] = (),
    qrels: Mapping[str, str] | None = None,
    conversations: Sequence[Record] = (),
    corpus: Sequence[Record] = (),
) -> Path:
    """Write the files that are not empty; `qrels` are "query document score" lines per split."""
    (folder / "qrels").mkdir(parents=True)
    named = {"queries": queries, "conversations": conversations, "corpus": corpus}
    for name, records in named.items():
        if records:
            write_lines(folder / f"{name}.jsonl", records)
    for split, lines in (qrels or {}).items():
        judged = "".join("\t".join(line.split()) + "\n" for line in lines.splitlines())
        (folder / "qrels" / f"{split}.tsv").write_text(HEADER + judged, encoding="utf-8")
    return folder
