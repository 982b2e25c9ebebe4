"""The whole story of one question on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import zip_longest

from corpus.entry import Entry
from indexes.embedder import Embedder
from indexes.index import Index
from rag.answer import Answer
from rag.answerable import AnswerableModel, load_answerable
from rag.citations import CitationList
from rag.composing import MUCH, Composer
from rag.errors import EntryMissing, KInvalid, QuestionEmpty, QuestionTooLong
from rag.follow_up.focus import REMEMBERED
from rag.follow_up.leaning import Leaning
from rag.follow_up.resolver import FollowUpResolver
from rag.fusion import FusionWeights
from rag.hit import Mode, SearchResult
from rag.inquiry import Inquiry
from rag.question.halves import halves
from rag.question.question import Kind, Question, read_question
from rag.quoting.comparison import Comparer
from rag.quoting.evidence import (
    Evidence,
    EvidenceScorer,
    Focus,
    UnitWeights,
    entries_to_read,
    find_focus,
)
from rag.quoting.extractive import MODEL, AnswerLimits, ExtractiveAnswerer
from rag.retriever import Retrieval, Retriever
from rag.signs import SignReader, Signs
from rag.stopwatch import Stopwatch
from rag.support.support import SupportVerifier
from rag.terms.terms import TermTable, speaks_of
from rag.turn import Turn, exchanges

NOT_HERE = "The glossary does not answer this question."
NEAREST = "The nearest terms are {terms}."
SHOWN_HITS = 10
LITTLE = 0.5  # coverage of the focus below which named entries may not answer alone


@dataclass(frozen=True, slots=True)
class Limits:
    """What a chat accepts."""

    question_chars: int = 2000


@dataclass(frozen=True, slots=True)
class Constants:
    """The constants of ranking, of choosing units and of composing; docs/evaluation.md tells why.

    Nobody needs others, except to measure what each brings.
    """

    fusion: FusionWeights = field(default_factory=FusionWeights)
    units: UnitWeights = field(default_factory=UnitWeights)
    answers: AnswerLimits = field(default_factory=AnswerLimits)


class Chat:
    """Answers questions from one opened snapshot. Safe to use from several threads."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        limits: Limits | None = None,
        answerable: AnswerableModel | None = None,
        constants: Constants | None = None,
    ) -> None:
        constants = constants or Constants()
        self.index = index
        self.embedder = embedder
        self._limits = limits or Limits()
        self._retriever = Retriever(index, embedder, constants.fusion)
        self._scorer = EvidenceScorer(index, constants.units)
        comparer = Comparer(index, embedder, self._retriever, self._scorer)
        answerer = ExtractiveAnswerer(constants.answers)
        self._composer = Composer(index, self._scorer, comparer, answerer)
        leaning = Leaning(index, embedder, self._retriever.idf)
        self._follow_up = FollowUpResolver(index, self._retriever.terms, leaning)
        self._answerable = answerable or load_answerable()
        self._signs = SignReader(index, self._retriever.idf, self._scorer.synonyms)

    @cached_property
    def verifier(self) -> SupportVerifier:
        """Return what tells whether a quote supports a sentence; made when it is first needed."""
        return SupportVerifier(self.index, self.embedder)

    @property
    def terms(self) -> TermTable:
        """Return every name of the snapshot."""
        return self._retriever.terms

    @property
    def answerable(self) -> AnswerableModel:
        """Return the model that decides whether a question is answered."""
        return self._answerable

    def search(self, query: str, k: int = 10, mode: Mode = Mode.HYBRID) -> SearchResult:
        """Return the `k` best hits, one per family.

        Raises:
            QuestionEmpty, QuestionTooLong: the query cannot be searched for.
            KInvalid: `k` is no whole number from 1 on.
        """
        if not _counts(k):
            raise KInvalid(f"k is {k!r}, and a search returns at least 1 hit; give a whole number")
        watch = Stopwatch()
        question = read_question(query, self._limits.question_chars)
        found = self._retriever.retrieve(question.text, question.topic, k, mode, watch)
        return SearchResult(query, self.index.snapshot_id, found.hits, watch.total())

    def ask(self, question: str, turns: Sequence[Turn] = ()) -> Answer:
        """Answer a question with quotes, each cited to its characters.

        A question that leans on the `turns` before it is made complete first: see
        `standalone_question` of the answer.

        Raises:
            QuestionEmpty, QuestionTooLong: the question cannot be searched for.
        """
        return self.quote(self.inquire(question, turns))

    def inquire(
        self, question: str, turns: Sequence[Turn] = (), standalone: str | None = None
    ) -> Inquiry:
        """Search for a question and decide whether the glossary answers it.

        `standalone` is the question already made complete by somebody else; without it, the
        `turns` before it complete it.

        Raises:
            QuestionEmpty, QuestionTooLong: the question cannot be searched for.
        """
        watch = Stopwatch()
        asked = read_question(question, self._limits.question_chars)
        if standalone:
            asked = read_question(standalone, max(len(standalone), 1))
        elif turns:
            asked = self._standalone(question, turns)
            watch.lap("follow_up")
        return self._in_halves(self._inquired(question, asked, watch))

    def _inquired(self, question: str, asked: Question, watch: Stopwatch) -> Inquiry:
        """Search for one question, of which `asked` is what is searched for."""
        found = self._retriever.retrieve(asked.text, asked.topic, SHOWN_HITS, watch=watch)
        focus, evidence = self._evidence(asked.kind, found)
        watch.lap("evidence")
        signs = self._signs.read(asked.kind, found, focus, evidence)
        probability = self._answerable.probability(signs)
        answerable = bool(evidence) and probability >= self._answerable.threshold
        watch.lap("answerable")
        return Inquiry(
            question, asked.kind, found, focus, evidence, signs, probability, answerable, watch
        )

    def _in_halves(self, whole: Inquiry) -> Inquiry:
        """Ask one by one the questions that a question joins, where that answers it better.

        It does when the whole one is declined, and when the first one asks what something is: then
        the definition comes first, and what stays without an answer is named.
        """
        parts: list[Inquiry] = []
        turns: list[Turn] = []
        for text in halves(whole.found.text):
            part = self._inquired(text, self._standalone(text, turns), whole.watch)
            parts.append(part)
            turns.append(Turn.replayed(text, part.found, "", is_answered=part.answerable))
            if whole.answerable and not _is_answered_definition(parts[0]):
                return whole
        answered = [part for part in parts if part.answerable]
        if not answered:
            return whole
        in_turn = zip_longest(*(part.evidence for part in answered))
        return replace(
            whole,
            evidence=[one for several in in_turn for one in several if one],
            probability=min(part.probability for part in answered),
            answerable=True,
            halves=tuple(parts),
        )

    def quote(
        self, inquiry: Inquiry, citations: CitationList | None = None, after: str = ""
    ) -> Answer:
        """Answer with quotes what was inquired, or say politely that the glossary does not.

        The quotes go on after the text `after`, whose `citations` are kept.
        """
        citations = citations or CitationList()
        if inquiry.answerable:
            text = self._composer.compose(inquiry, citations)
        else:
            text = _declined(inquiry.nearest_terms)
        inquiry.watch.lap("answer")
        text = f"{after}\n\n{text}" if after else text
        return self.answered(inquiry, text, citations, MODEL, inquiry.notice)

    def answered(
        self, inquiry: Inquiry, text: str, citations: CitationList, model: str, notice: str = ""
    ) -> Answer:
        """Return the Answer of an inquiry whose text is written."""
        return Answer(
            question=inquiry.question,
            standalone_question=inquiry.standalone_question,
            answerable=inquiry.answerable,
            answerable_probability=round(inquiry.probability, 4),
            text=text,
            citations=citations.citations(),
            hits=inquiry.hits,
            nearest_terms=inquiry.nearest_terms,
            model=model,
            snapshot_id=self.index.snapshot_id,
            timings_ms=inquiry.watch.total(),
            notice=notice,
        )

    def signs(self, question: str) -> Signs | None:
        """Return what speaks for and against an answer; None without evidence.

        Raises:
            QuestionEmpty, QuestionTooLong: the question cannot be searched for.
        """
        return self.inquire(question).signs

    def turns_of(self, history: Sequence[tuple[str, str]]) -> list[Turn]:
        """Return the last turns of a conversation of which only (role, text) pairs are left.

        What the user asked is searched for again; no answer is composed. Texts of any other role
        than "user" are what was answered.
        """
        turns: list[Turn] = []
        for question, said in exchanges(history)[-REMEMBERED:]:
            try:
                asked = self._standalone(question, turns)
            except (QuestionEmpty, QuestionTooLong):  # nothing can lean on it
                continue
            found = self._retriever.retrieve(asked.text, asked.topic, SHOWN_HITS)
            is_answered = not said.startswith(NOT_HERE)
            turns.append(Turn.replayed(question, found, said, is_answered=is_answered))
        return turns

    def _standalone(self, question: str, turns: Sequence[Turn]) -> Question:
        """Read a question, made complete from the turns before it."""
        asked = read_question(question, self._limits.question_chars)
        first, *others = halves(asked.text) or (question,)
        if others:  # they lean on the first one, not on what was asked before
            resolved = self._follow_up.resolve(first, turns).rstrip(" ?")
            complete = asked.text.replace(first, resolved, 1)
        else:
            complete = self._follow_up.resolve(question, turns)
        return read_question(complete, len(complete)) if complete != question else asked

    def entry(self, entry_id: str) -> Entry:
        """Return one entry of the live snapshot.

        Raises:
            EntryMissing: there is none of that id; the message names the nearest terms.
        """
        try:
            return self.index.entry(entry_id)
        except KeyError:
            near = self._retriever.terms.nearest_names(entry_id.replace("-", " "), 3)
            hint = f"; did you mean {', '.join(near)}?" if near else ";"
            raise EntryMissing(
                f"no entry {entry_id!r} in snapshot {self.index.snapshot_id}{hint} "
                "`aifactory entries` lists them all"
            ) from None

    def _evidence(self, kind: Kind, found: Retrieval) -> tuple[Focus, list[Evidence]]:
        """Score the entries that the question names; others too when they say little of it."""
        focus = find_focus(found, self.index, self._retriever.idf, self._scorer.synonyms)
        entry_ids = set(found.entry_ids)
        named = [hit for hit in found.hits if hit.entry.entry_id in entry_ids]
        evidence = self._scorer.gather(entries_to_read(named), found.vector, focus, kind)
        if evidence and (not focus.weights or max(e.aim for e in evidence) >= LITTLE):
            return focus, evidence
        wider = self._scorer.gather(entries_to_read(found.hits), found.vector, focus, kind)
        if not evidence:
            return focus, wider
        # Another entry answers only with words about what was named: advantages are not alike.
        about = [e for e in wider if any(speaks_of(e.quote, m.written) for m in found.mentions)]
        says_more = about and max(e.covered for e in about) >= MUCH
        return focus, about if says_more else evidence


def _is_answered_definition(inquiry: Inquiry) -> bool:
    return inquiry.answerable and inquiry.kind is Kind.DEFINITION and inquiry.found.is_name


def _counts(k: object) -> bool:
    return isinstance(k, int) and k >= 1


def _declined(nearest: Sequence[str]) -> str:
    return f"{NOT_HERE} {NEAREST.format(terms=_listed(nearest))}" if nearest else NOT_HERE


def _listed(terms: Sequence[str]) -> str:
    bold = [f"**{term}**" for term in terms]
    return bold[0] if len(bold) == 1 else f"{', '.join(bold[:-1])} and {bold[-1]}"
