from __future__ import annotations

from pathlib import Path

from eval.ablate_channels import Values, conclusion, search_every_way, standings, table
from eval.dataset_reading import read_dataset
from eval.difference import NOT_SIGNIFICANT, WORSE
from eval.tune_fusion import Trial, trial_on
from rag.hit import Mode
from tests.eval.workshop import embedder, ingest_workshop, workshop_dataset

KINDS = {f"q{n}": "parts" if n < 8 else "uses" for n in range(10)}


def every(value: float, **others: float) -> Values:
    return dict.fromkeys(KINDS, value) | others


def test_the_hybrid_search_is_compared_with_the_better_channel_of_each_kind() -> None:
    values = {
        Mode.HYBRID: every(0.5),
        Mode.DENSE: every(1.0, q8=0.0, q9=0.0),
        Mode.LEXICAL: every(0.25),
    }
    overall, parts, uses = standings("nDCG@10", values, KINDS)
    assert (overall.better, overall.means[Mode.DENSE]) == (Mode.DENSE, 0.8)
    assert (parts.better, parts.changed, parts.difference.n) == (Mode.DENSE, 8, 8)
    # eight losses of one sign: 2 of 256 sign patterns, adjusted for two kinds
    assert (parts.difference.p, parts.difference.p_adjusted) == (2 / 256, 4 / 256)
    assert (parts.difference.verdict(), parts.is_worse) == (WORSE, True)
    assert (uses.better, uses.difference.difference) == (Mode.LEXICAL, 0.25)
    assert (uses.difference.p, uses.difference.verdict()) == (0.5, NOT_SIGNIFICANT)


def test_the_conclusion_names_where_the_hybrid_search_is_worse() -> None:
    values = {Mode.HYBRID: every(0.5), Mode.DENSE: every(0.0), Mode.LEXICAL: every(0.5, q0=1.0)}
    found = standings("nDCG@10", values, KINDS)
    assert conclusion(found) == (
        "Significantly worse than the better channel (adjusted p ≤ 0.05): none. Lower at all: 2 of "
        "3 rows; 0 with the 6 changed questions that a p below 0.05 needs."
    )
    values[Mode.LEXICAL] = every(1.0)
    assert conclusion(standings("nDCG@10", values, KINDS)) == (
        "Significantly worse than the better channel (adjusted p ≤ 0.05): every question (to "
        "lexical, -0.500), parts (to lexical, -0.500). Lower at all: 3 of 3 rows; 2 with the 6 "
        "changed questions that a p below 0.05 needs."
    )


def test_questions_without_a_kind_have_one_row() -> None:
    values = {mode: every(1.0) for mode in Mode}
    [overall] = standings("nDCG@10", values, dict.fromkeys(KINDS, ""))
    assert (overall.difference.kind, overall.difference.p, overall.changed) == ("", 1.0, 0)


def workshop_trial(folder: Path) -> Trial:
    index = ingest_workshop(folder).open()
    return trial_on(read_dataset(workshop_dataset(folder, index), "dev"), index, embedder())


def test_a_real_dataset_gets_a_row_per_kind(tmp_path: Path) -> None:
    trial = workshop_trial(tmp_path)
    assert set(search_every_way(trial, "Success@1")) == set(Mode)
    title, _, columns, *rest = table(trial, "Success@1").splitlines()
    assert title == "questions dev, Success@1"
    assert "hybrid | dense | lexical | hybrid − the better one" in columns
    kinds = {question.kind for question in trial.questions if question.kind}
    assert {row.split("|")[1].strip() for row in rest[1:-2]} == {"every question", *kinds}
    assert rest[-1].startswith("Significantly worse than the better channel")
