"""What the measures mean, in a sentence each."""

from __future__ import annotations

from collections.abc import Iterable

MEANINGS = {
    "nDCG@10": "Gain of the first ten, discounted by rank, as a share of the best possible.",
    "Success@1": "Share of questions whose first result is relevant.",
    "Success@5": "Share of questions with a relevant result among the first five.",
    "RR@10": "One over the rank of the first relevant result; 0 beyond rank ten.",
    "R@10": "Share of the relevant ones that are among the first ten.",
    "R@100": "Share of the relevant ones that are among the first hundred.",
    "AP": "Average precision: the mean precision at the rank of every relevant one.",
    "Rprec": "Precision among the first R, where R ones are relevant.",
    "answered": "Share of the answerable questions that were answered.",
    "must include": "Share of answers that hold every required word or number.",
    "gold quoted": "Share of the gold passage that the answer quotes.",
    "cites a judged one": "Share of answers that cite a relevant entry.",
    "words": "Length of the answer; describes, does not judge.",
    "quotes exact": "Share of citations whose quote stands in the source, character for character.",
    "citation precision": "Share of citations whose entry is relevant.",
    "supported": "Share of citations that support their statement.",
    "nothing uncited": "Share of answers without a word outside their quotes.",
    "decided rightly": "Share of questions rightly answered or rightly declined.",
    "squared error": "Squared distance of the stated probability from what is true (Brier score).",
}


def meanings_of(measures: Iterable[str]) -> dict[str, str]:
    """Return the meanings of those measures that have one, each once."""
    return {name: MEANINGS[name] for name in dict.fromkeys(measures) if name in MEANINGS}
