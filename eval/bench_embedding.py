"""Measure the embedding runtimes against each other in one run.

python -m eval.bench_embedding [--texts corpus.jsonl | FILE.txt] [--count 200] [--home DIR]
python -m eval.bench_embedding --scifact DIR
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from eval.dataset_reading import read_dataset
from indexes.embedder import Embedder, Vectors
from indexes.runtime import load_embedder
from indexes.torch_embedder import load_sentence_transformer
from indexes.weights import find_weights

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = "SentenceTransformer"
RUNTIMES = ("torch", "openvino fp32", "openvino bf16", "openvino int8")
QUESTION = "what is a feature store and when should we use one"
WINDOW_CHARS = 900

COLD_START = """
import re, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
if sys.argv[3] == "SentenceTransformer":
    from indexes.torch_embedder import load_sentence_transformer
    from indexes.weights import find_weights
    load_sentence_transformer(find_weights()).encode([sys.argv[4]])
else:
    from indexes.runtime import load_embedder
    runtime, _, precision = sys.argv[3].partition(" ")
    embedder = load_embedder(
        runtime=runtime, precision=precision or "int8", home=Path(sys.argv[2])
    )
    embedder.embed_query(sys.argv[4])
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@dataclass(slots=True)
class Measured:
    """What was measured of one runtime: one duration per round, and its vectors."""

    passages_s: list[float] = field(default_factory=list)
    queries_s: list[float] = field(default_factory=list)
    vectors: Vectors = field(default_factory=lambda: np.zeros((0, 0), np.float32))


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to embed passages and a query."""

    name: str
    embed_passages: Callable[[Sequence[str]], Vectors]
    embed_query: Callable[[str], Vectors]


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--texts", type=Path, default=ROOT / "corpus" / "glossary")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--scifact", type=Path, metavar="DIR")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = arguments.home or Path(temporary)
        if arguments.scifact:
            print_scifact(arguments.scifact, home)
        else:
            print_speed(read_texts(arguments.texts)[: arguments.count], arguments.rounds, home)


def read_texts(source: Path) -> list[str]:
    """Return title and text of a BEIR corpus.jsonl, or windows of 900 characters of plain text."""
    if source.suffix == ".jsonl":
        return [f"{document['title']} {document['text']}" for document in _jsonl(source)]
    files = sorted(source.rglob("*.md")) if source.is_dir() else [source]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return [text[start : start + WINDOW_CHARS] for start in range(0, len(text), WINDOW_CHARS)]


def print_speed(texts: Sequence[str], rounds: int, home: Path) -> None:
    """Print one row per runtime: medians over interleaved rounds, ratios within this run."""
    contenders = [_reference(), *(_contender(name, home) for name in RUNTIMES)]
    measured = {contender.name: Measured() for contender in contenders}
    for contender in contenders:
        contender.embed_passages(texts[:8])
    for _ in range(rounds):
        for contender in contenders:
            _measure(contender, texts, measured[contender.name])
    embedder = load_embedder(home=home)
    tokens = sum(min(embedder.count_tokens(text) + 2, 256) for text in texts)
    print(f"{len(texts)} texts, {tokens / len(texts):.0f} tokens each, {rounds} rounds")
    print("runtime              texts/s  tokens/s  ratio  cos min  cos mean  query ms  cold s   MB")
    reference = measured[REFERENCE]
    for name, result in measured.items():
        seconds = statistics.median(result.passages_s)
        ratio = statistics.median(reference.passages_s) / seconds
        cosines = np.sum(result.vectors * reference.vectors, axis=1)
        query_ms = 1000 * statistics.median(result.queries_s)
        cold_s, peak_mb = cold_start(name, home)
        print(
            f"{name:20} {len(texts) / seconds:7.1f} {tokens / seconds:9.0f} {ratio:6.2f} "
            f"{cosines.min():8.4f} {cosines.mean():9.4f} {query_ms:9.2f} "
            f"{cold_s:7.2f} {peak_mb:4.0f}"
        )


def cold_start(name: str, home: Path) -> tuple[float, float]:
    """Return seconds from starting Python to the first query vector, and peak memory in MB.

    Medians of three fresh processes.
    """
    command = [sys.executable, "-c", COLD_START, str(ROOT), str(home), name, QUESTION]
    seconds, peaks = [], []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds.append(time.perf_counter() - start)
        peaks.append(int(done.stdout) / 1024)
    return statistics.median(seconds), statistics.median(peaks)


def print_scifact(folder: Path, home: Path) -> None:
    """Print nDCG@10 of flat dense search over a BEIR folder's test split, per precision."""
    documents = list(_jsonl(folder / "corpus.jsonl"))
    texts = [f"{document['title']} {document['text']}" for document in documents]
    ids = np.array([document["_id"] for document in documents])
    questions = read_dataset(folder, "test").judged()
    for precision in ("fp32", "bf16", "int8"):
        embedder = load_embedder(runtime="openvino", precision=precision, home=home)
        start = time.perf_counter()
        passages = embedder.embed_passages(texts)
        seconds = time.perf_counter() - start
        values = []
        for question in questions:
            scores = passages @ embedder.embed_query(question.text)
            ranking = ids[np.argsort(-scores, kind="stable")[:10]].tolist()
            values.append(ndcg(ranking, question.gains))
        rate = len(texts) / seconds
        print(f"{precision}: nDCG@10 {statistics.mean(values):.4f}, {rate:.0f} texts/s", flush=True)


def ndcg(ranking: Sequence[str], gains: Mapping[str, int]) -> float:
    """Return nDCG at len(ranking): linear gains, ideal over all judged (Järvelin, 2002)."""
    ideal = sorted(gains.values(), reverse=True)[: len(ranking)]
    found = [gains.get(document_id, 0) for document_id in ranking]
    return _discounted(found) / _discounted(ideal) if any(ideal) else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _measure(contender: Contender, texts: Sequence[str], result: Measured) -> None:
    start = time.perf_counter()
    result.vectors = contender.embed_passages(texts)
    result.passages_s.append(time.perf_counter() - start)
    for _ in range(20):
        start = time.perf_counter()
        contender.embed_query(QUESTION)
        result.queries_s.append(time.perf_counter() - start)


def _reference() -> Contender:
    """Return what every peer does: `SentenceTransformer.encode` in fp32, batches of 32."""
    model = load_sentence_transformer(find_weights())

    def encode(texts: Sequence[str]) -> Vectors:
        return model.encode(list(texts), batch_size=32, normalize_embeddings=True)

    return Contender(REFERENCE, encode, lambda text: encode([text])[0])


def _contender(name: str, home: Path) -> Contender:
    runtime, _, precision = name.partition(" ")
    embedder: Embedder = load_embedder(runtime=runtime, precision=precision or "int8", home=home)
    return Contender(name, embedder.embed_passages, embedder.embed_query)


def _jsonl(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
