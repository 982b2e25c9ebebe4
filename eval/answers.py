"""Judge answers: what they quote, whom they cite, and whether they say what is needed.

Of every answerable question:

    answered            1 when the system answered, 0 when it declined
    must include        1 when the answer holds every required word or number, whole
    gold quoted         share of the gold passage quoted, of the one quoted most; of a gold quote,
                        its longest run of words within one citation
    cites a judged one  1 when a relevant entry is cited
    words               length of the answer

and of those that were answered, with the citations of all of them:

    quotes exact        share of the citations with `body[start:end] == quote`
    citation precision  share of the citations whose entry (or a twin of it) is relevant
    supported           share of the citations whose verdict supports the statement
    nothing uncited     1 when no word of the answer stands outside its quotes

A declined question counts 0 in the first group: silence is not better than a wrong answer there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from statistics import fmean

from eval.dataset import Question
from eval.quote_coverage import uncovered
from indexes.index import Index
from rag.answer import Answer, Citation, Verdict

ANSWERS = "answers"
OF_CITATIONS = ("quotes exact", "citation precision", "supported", "nothing uncited")
SUPPORTING = frozenset({Verdict.QUOTED})
_MARKUP = re.compile(r"\*\*|[`$\\]|\[\d+\]")
_WRITTEN = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
        "\u2019": "'",
        **{superscript: f"^{digit}" for digit, superscript in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    }
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def includes(text: str, word: str) -> bool:
    """Tell whether a text holds a word or number, whole: "19" is neither in "190" nor in "1.9".

    Case, Markdown and LaTeX marks, white space and thousands separators do not count.
    """
    wanted, text = _plain(word), _plain(text)
    if not wanted:
        return True
    before = r"(?<!\w)(?<!\d[.,])" if wanted[0].isdigit() else r"(?<!\w)" * wanted[0].isalnum()
    after = r"(?!\d|[.,]\d)" if wanted[-1].isdigit() else r"(?!\w)" * wanted[-1].isalnum()
    return re.search(before + re.escape(wanted) + after, text) is not None


def missing_words(text: str, question: Question) -> tuple[str, ...]:
    """Return the required words that a text lacks, in their first spelling."""
    return tuple(
        spellings[0]
        for spellings in question.must_include
        if not any(includes(text, spelling) for spelling in spellings)
    )


class AnswerJudge:
    """Judges the answers given from one index. `ids` maps entries to the judged documents."""

    def __init__(self, index: Index, ids: Mapping[str, str]) -> None:
        self._index = index
        self._ids = ids
        self._names = frozenset(name.text.casefold() for name in index.names())

    def judge(self, question: Question, answer: Answer | None) -> dict[str, float]:
        """Return the measures that apply to the answer of an answerable question.

        None: the question was refused, which counts like an answer that declines.
        """
        if answer is None:
            return _silence(question)
        values = {"answered": float(answer.answerable)}
        if question.must_include:
            complete = answer.answerable and not missing_words(answer.text, question)
            values["must include"] = float(complete)
        if question.spans or question.quotes:
            values["gold quoted"] = self._gold_quoted(question, answer.citations)
        values["cites a judged one"] = float(
            any(self._is_relevant(citation, question) for citation in answer.citations)
        )
        values["words"] = float(len(answer.text.split()))
        return values | (self._of_citations(question, answer) if answer.answerable else {})

    def _of_citations(self, question: Question, answer: Answer) -> dict[str, float]:
        cited = answer.citations
        if not cited:  # says something that nothing supports
            return dict.fromkeys(OF_CITATIONS, 0.0)
        terms = {self._index.entry(citation.entry_id).term for citation in cited}
        values = (
            fmean(self._is_exact(citation) for citation in cited),
            fmean(self._is_relevant(citation, question) for citation in cited),
            fmean(citation.support.verdict in SUPPORTING for citation in cited),
            float(not uncovered(answer, self._names, terms)),
        )
        return dict(zip(OF_CITATIONS, values, strict=True))

    def _is_exact(self, citation: Citation) -> bool:
        body = self._index.entry(citation.entry_id).body
        return body[citation.start : citation.end] == citation.quote

    def _is_relevant(self, citation: Citation, question: Question) -> bool:
        family = self._index.family(citation.entry_id)
        return any(self._ids[twin] in question.relevant for twin in family)

    def _gold_quoted(self, question: Question, citations: Sequence[Citation]) -> float:
        shares = [
            _share_covered(
                range(span.start, span.end),
                [(c.start, c.end) for c in citations if c.entry_id == span.entry_id],
                self._index.entry(span.entry_id).body,
            )
            for span in question.spans
        ]
        quoted = [_words(citation.quote) for citation in citations]
        shares.extend(_share_in_a_row(_words(quote), quoted) for quote in question.quotes)
        return max(shares)


def _silence(question: Question) -> dict[str, float]:
    asked = {
        "answered": True,
        "must include": bool(question.must_include),
        "gold quoted": bool(question.spans or question.quotes),
        "cites a judged one": True,
        "words": True,
    }
    return {measure: 0.0 for measure, applies in asked.items() if applies}


def _share_covered(span: range, cited: Iterable[tuple[int, int]], body: str) -> float:
    """Return the share of a span's letters and digits that lie in one of the cited ranges."""
    letters = {place for place in span if body[place].isalnum()}
    if not letters:
        return 0.0
    covered = {place for start, end in cited for place in letters if start <= place < end}
    return len(covered) / len(letters)


def _share_in_a_row(gold: Sequence[str], quoted: Iterable[Sequence[str]]) -> float:
    """Return the share of the gold words in their longest run that stands in one quote."""
    if not gold:
        return 0.0
    runs = (
        SequenceMatcher(None, gold, quote, autojunk=False).find_longest_match().size
        for quote in quoted
    )
    return max(runs, default=0) / len(gold)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", _plain(text))


def _plain(text: str) -> str:
    written = text.translate(_WRITTEN).replace(r"\times", "×")
    text = _MARKUP.sub("", unicodedata.normalize("NFKC", written))
    return " ".join(_THOUSANDS.sub("", text).casefold().split())
