"""Records of invented answers, whose every field can be read here."""

from __future__ import annotations

from dataclasses import replace

from corpus.entry import Entry, Source
from corpus.passage import Passage, Unit, UnitKind
from rag.answer import Answer, Citation, Support, Verdict
from rag.hit import Channels, Hit
from rag.models.generator import Message, Role
from rag.storing.answer_record import AnswerRecord

BODY = "A lamp gives light. It needs a socket."
LAMP = Entry("lamp", "Lamp, Lighting", "Lamp", (), "Lighting", BODY, Source("lamp.md", 1))
PASSAGE = Passage.cut(LAMP, 0, 0, len(BODY), "", (Unit(UnitKind.SENTENCE, 0, 19),))
HIT = Hit(1, 0.5, LAMP, PASSAGE, Channels(exact=1, exact_name="Lamp"), ("lamp",))
CITATION = Citation(
    1, "lamp", "Lamp, Lighting", "lamp#0", BODY[:19], 0, 19, Support(Verdict.QUOTED, 1.0)
)


def answer(question: str = "What is a lamp?", text: str = "A lamp gives light. [1]") -> Answer:
    return Answer(
        question=question,
        standalone_question=question,
        answerable=True,
        answerable_probability=0.9,
        text=text,
        citations=(CITATION,),
        hits=(HIT,),
        nearest_terms=("Lamp",),
        model="extractive",
        snapshot_id="00000000000000aa",
        timings_ms={"total": 1.5},
    )


def declined(question: str) -> Answer:
    return replace(
        answer(question, "The glossary does not answer this question."),
        answerable=False,
        answerable_probability=0.1,
        citations=(),
    )


def record(
    question: str = "What is a lamp?", text: str = "A lamp gives light. [1]"
) -> AnswerRecord:
    return AnswerRecord.of(
        answer(question, text),
        messages=(Message(Role.SYSTEM, "Answer."), Message(Role.USER, question)),
        raw_text=text,
        verdicts=[{"sentence": text, "verdict": "quoted"}],
        events=[{"event": "delta", "text": text}, {"event": "answer"}],
    )
