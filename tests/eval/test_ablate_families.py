from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from eval.ablate_families import compare, count_concepts, search_all, table
from eval.ablations import variants
from eval.dataset_reading import read_dataset
from eval.tune_fusion import Trial, trial_on
from eval.without_families import repeats_apart, without_families
from tests.eval.dataset_files import query, write_dataset
from tests.eval.workshop import embedder, ingest_workshop


def lamp_trial(folder: Path) -> Trial:
    """Return a trial of one question: both lamps are judged, and they are twins."""
    index = ingest_workshop(folder).open()
    asked = [query("lamp", "What is a table lamp?", kind="definition")]
    judged = {"dev": "lamp table-lamp 1\nlamp table-lamps 1"}
    dataset = read_dataset(write_dataset(folder / "questions", asked, judged), "dev")
    return trial_on(dataset, index, embedder())


def test_without_families_every_entry_stands_alone(tmp_path: Path) -> None:
    index = ingest_workshop(tmp_path).open()
    assert index.family("table-lamp") == ("table-lamp", "table-lamps")
    apart = without_families(index)
    assert apart.family("table-lamp") == ("table-lamp",)
    assert apart.entry_ids() == index.entry_ids()


def test_a_concept_found_again_keeps_its_place_and_is_another_document() -> None:
    ranking = [("lamp", 0.9), ("fan", 0.8), ("lamp", 0.7), ("lamp", 0.6)]
    assert repeats_apart(ranking) == [
        ("lamp", 0.9),
        ("fan", 0.8),
        ("lamp again 1", 0.7),
        ("lamp again 2", 0.6),
    ]


def test_families_gain_places_for_concepts_and_hide_twins(tmp_path: Path) -> None:
    trial = lamp_trial(tmp_path)
    apart = replace(trial, index=without_families(trial.index))
    shown = [count_concepts(trial, search_all(one), 2) for one in (apart, trial)]
    assert shown == [{"lamp": 1.0}, {"lamp": 2.0}]
    found = {one.measure: (one.mean_a, one.mean_b) for one in compare(trial)}
    assert found["R@10, entries as judged"] == (1.0, 0.5)
    assert found["R@10, concepts"] == (1.0, 1.0)


def test_a_measure_without_questions_has_no_row(tmp_path: Path) -> None:
    shown = table(lamp_trial(tmp_path))
    assert shown.startswith("questions dev, 1 question\n")
    assert "several concepts" not in shown


def test_the_ablations_leave_families_out(tmp_path: Path) -> None:
    trial = lamp_trial(tmp_path)
    ranked = dict(variants(trial))
    [question] = trial.questions
    shipped = [family for family, _ in ranked["shipped"](question)]
    apart = [family for family, _ in ranked["without families"](question)]
    assert shipped[0] == apart[0] == "table-lamp"
    assert set(apart) - set(shipped) == {"table-lamp again 1"}
