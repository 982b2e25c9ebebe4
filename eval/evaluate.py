"""Judge one system on one split: retrieval, answers, abstention, conversations, time and memory."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from eval.abstention import ABSTENTION, judge_decision
from eval.answers import ANSWERS, AnswerJudge, missing_words
from eval.conversations import WAYS, AskedTurn, ask_all, asked_in, count_turns, task_name
from eval.dataset import Dataset, Question
from eval.documents import document_ids, family_of
from eval.durations import memory_mb
from eval.evaluation import Evaluation, QueryRecord
from eval.measures import DEPTH
from eval.retrieval import judge, ranking, retrieved, searcher
from eval.runs import Run
from rag.answer import Answer
from rag.answerable import AnswerableModel
from rag.chat import Chat
from rag.errors import QuestionInvalid
from rag.hit import Mode

Tasks = dict[str, dict[str, dict[str, float]]]
OnQuestion = Callable[[], None]
CONVERSED = "conversation answers"


class Part(StrEnum):
    """What can be judged alone."""

    RETRIEVAL = "retrieval"
    ANSWERS = "answers"  # and abstention: both come from asking
    CONVERSATIONS = "conversations"


@dataclass(slots=True)
class _Findings:
    """What piles up while questions are asked."""

    tasks: Tasks = field(default_factory=dict)
    records: dict[str, QueryRecord] = field(default_factory=dict)
    stages_ms: dict[str, list[float]] = field(default_factory=dict)

    def add(self, task: str, query_id: str, values: Mapping[str, float]) -> None:
        for measure, value in values.items():
            self.tasks.setdefault(task, {}).setdefault(measure, {})[query_id] = value

    def time(self, timings_ms: Mapping[str, float]) -> None:
        for stage, spent in timings_ms.items():
            self.stages_ms.setdefault(stage, []).append(spent)


def count_questions(dataset: Dataset, parts: Sequence[Part]) -> int:
    """Return how many times `on_question` will be called."""
    alone = len(dataset.alone())
    return (
        len(dataset.judged()) * (Part.RETRIEVAL in parts)
        + alone * (Part.ANSWERS in parts)
        + count_turns(dataset) * (Part.CONVERSATIONS in parts)
    )


class Evaluator:
    """Judges one opened chat on one split of a dataset."""

    def __init__(
        self,
        chat: Chat,
        dataset: Dataset,
        mode: Mode = Mode.HYBRID,
        depth: int = DEPTH,
        on_question: OnQuestion = lambda: None,
    ) -> None:
        """Check that dataset and glossary belong together.

        Raises:
            DatasetMismatch: they do not.
        """
        self._chat = chat
        self._dataset = dataset
        self._mode = mode
        self._depth = depth
        self._on_question = on_question
        self._ids = document_ids(dataset, chat.index)
        self._families = family_of(chat.index, self._ids)
        self._judge = AnswerJudge(chat.index, self._ids)
        self.run: Run | None = None
        """The rankings of the judged questions, once retrieval was judged."""

    def evaluate(self, parts: Sequence[Part], name: str, system: Mapping[str, str]) -> Evaluation:
        """Judge the parts asked for; parts that the dataset has no questions for are left out."""
        findings = _Findings()
        if Part.RETRIEVAL in parts:
            self._retrieval(findings)
        if Part.ANSWERS in parts:
            self._answers(findings)
        if Part.CONVERSATIONS in parts:
            self._conversations(findings)
        return Evaluation(
            name=name,
            created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            dataset=describe_dataset(self._dataset),
            system={
                **_describe_chat(self._chat),
                "mode": str(self._mode),
                "depth": self._depth,
                **system,
            },
            tasks=findings.tasks,
            records=findings.records,
            stages_ms=findings.stages_ms,
            memory_mb=_memory(),
        )

    def _retrieval(self, findings: _Findings) -> None:
        search = searcher(self._chat, self._mode, self._depth)
        questions = self._dataset.judged()
        rankings = {}
        for question in questions:
            self._on_question()
            hits = search(question)
            rankings[question.question_id] = ranking(hits, self._ids)
            findings.records[question.question_id] = QueryRecord(
                text=question.text,
                kind=question.kind,
                answerable=question.answerable,
                standalone=question.text,
                retrieved=retrieved(hits, question, self._ids),
            )
        if questions:
            self.run = Run(str(self._mode), rankings)
            findings.tasks |= judge(self.run, questions, self._families, self._depth)

    def _answers(self, findings: _Findings) -> None:
        for question in self._dataset.alone():
            self._on_question()
            answer = _asked(self._chat, question)
            if answer is not None:
                findings.time(answer.timings_ms)
            self._record(findings, question, answer, ANSWERS)
            if question.answerable is not None:
                answered = answer is not None and answer.answerable
                probability = answer.answerable_probability if answer else 0.0
                decision = judge_decision(question.answerable, answered, probability)
                findings.add(ABSTENTION, question.question_id, decision)

    def _conversations(self, findings: _Findings) -> None:
        asked = list(ask_all(self._chat, self._dataset, self._depth, self._on_question))
        for turn in asked:
            self._record(findings, turn.question, turn.answer, CONVERSED)
        for way in WAYS:
            if turns := asked_in(way, asked):
                self._judge_turns(findings, way, turns)

    def _judge_turns(self, findings: _Findings, way: str, turns: Sequence[AskedTurn]) -> None:
        rankings = {turn.question.question_id: ranking(turn.hits[way], self._ids) for turn in turns}
        questions = [turn.question for turn in turns]
        tasks = judge(Run(way, rankings), questions, self._families, self._depth)
        findings.tasks[task_name(way)] = tasks["families"]

    def _record(
        self, findings: _Findings, question: Question, answer: Answer | None, task: str
    ) -> None:
        query_id = question.question_id
        findings.records[query_id] = QueryRecord(
            text=question.text,
            kind=question.kind,
            answerable=question.answerable,
            standalone=answer.standalone_question if answer else "",
            answered=answer is not None and answer.answerable,
            probability=answer.answerable_probability if answer else 0.0,
            retrieved=retrieved(answer.hits, question, self._ids) if answer else (),
            answer=answer.text if answer else "",
            missing=missing_words(answer.text if answer else "", question),
        )
        if question.answerable:
            findings.add(task, query_id, self._judge.judge(question, answer))


def describe_dataset(dataset: Dataset) -> dict[str, str | int]:
    """Return what a report says of a dataset."""
    return {
        "name": dataset.name,
        "split": dataset.split,
        "digest": dataset.digest,
        "questions": len(dataset.questions),
        "judged": len(dataset.judged()),
        "unanswerable": sum(q.answerable is False for q in dataset.alone()),
        "conversations": len(dataset.conversations),
        "turns": count_turns(dataset),
    }


def _describe_chat(chat: Chat) -> dict[str, str | int | float]:
    index = chat.index
    return {
        "snapshot": index.snapshot_id,
        "entries": len(index.entry_ids()),
        "passages": index.passage_count,
        "embedder": index.fingerprint.model,
        "answerable_threshold": chat.answerable.threshold,
        "answerable_model": _digest_of(chat.answerable),
    }


def _digest_of(model: AnswerableModel) -> str:
    """Return what tells the coefficients of one fit from those of another."""
    coefficients = {"intercept": model.intercept, "weights": dict(model.weights)}
    return hashlib.sha256(json.dumps(coefficients, sort_keys=True).encode()).hexdigest()[:12]


def _asked(chat: Chat, question: Question) -> Answer | None:
    try:
        return chat.ask(question.text)
    except QuestionInvalid:
        return None


def _memory() -> dict[str, float]:
    try:
        now, peak = memory_mb()
    except OSError:  # no /proc: not Linux
        return {}
    return {"now": round(now, 1), "peak": round(peak, 1)}
