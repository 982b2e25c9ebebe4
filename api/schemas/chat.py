"""The bodies of conversations, answers and feedback over HTTP."""

from __future__ import annotations

from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.glossary import AnswerBody, CitationBody
from api.schemas.requests import ASKABLE, LONGEST_TEXT_CHARS
from rag.storing.feedback import REASON_CHARS

_ID = "4f1d2c3b5a69788796a5b4c3d2e1f001"
_MOMENT = "2026-03-01T12:00:00+00:00"
_CONVERSATION = {
    "conversation_id": _ID,
    "title": "What is an embedding?",
    "created_at": _MOMENT,
    "updated_at": _MOMENT,
    "turn_count": 1,
}


def _example(**example: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


def _example_of(body: type[BaseModel]) -> dict[str, Any]:
    extra = cast(dict[str, Any], body.model_config["json_schema_extra"])
    return cast(dict[str, Any], extra["examples"][0])


ANSWER = _example_of(AnswerBody)
_TURN = {
    **{name: value for name, value in ANSWER.items() if name not in ("nearest_terms", "hits")},
    "hits": [
        {
            "rank": 1,
            "score": 0.93,
            "entry_id": "embedding",
            "heading": "Embedding",
            "term": "Embedding",
        }
    ],
    "answer_id": _ID,
    "position": 1,
    "created_at": _MOMENT,
    "feedback": None,
}


class ChatQuestion(BaseModel):
    """The body of `POST /chat` and `POST /chat/stream`."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "What is a neural ODE?"}]}
    )

    question: str = Field(
        max_length=LONGEST_TEXT_CHARS,
        description="The question, in plain words.",
        json_schema_extra=ASKABLE,
    )
    conversation_id: str | None = Field(
        None, max_length=100, description="To go on with; without it a new conversation begins."
    )
    llm: str | None = Field(None, max_length=300, description="Who answers; null: as configured.")


class ChatAnswer(AnswerBody):
    """An answer within a conversation."""

    model_config = _example(**ANSWER, conversation_id=_ID, answer_id=_ID)

    conversation_id: str
    answer_id: str


class PromptMessage(BaseModel):
    """A message that the language model got."""

    role: Literal["system", "user", "assistant"]
    content: str


class JudgedPiece(BaseModel):
    """A piece of what the model wrote, and what became of it.

    `verdict` is null for what only arranges, such as a heading; `unknown` are the numbers it cited
    that name no source, `missing` the numbers, units and names that no quote has.
    """

    text: str
    cited: list[int]
    unknown: list[int]
    verdict: Literal["quoted", "supported", "unsupported"] | None
    score: float
    missing: list[str]
    citations: list[int]
    shown: bool


class AnswerRecordBody(AnswerBody):
    """How an answer came to be; without a language model there is no prompt and no verdict."""

    model_config = _example(
        answer_id=_ID,
        conversation_id=_ID,
        created_at=_MOMENT,
        **ANSWER,
        prompt=[],
        raw_text="",
        verdicts=[],
    )

    answer_id: str
    conversation_id: str | None
    created_at: str
    prompt: list[PromptMessage]
    raw_text: str
    verdicts: list[JudgedPiece]


class FeedbackBody(BaseModel):
    """The body of `POST /feedback`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"answer_id": _ID, "rating": "down", "reason": "Too short"}]
        },
    )

    answer_id: str = Field(max_length=100, description="As `POST /chat` returned it.")
    rating: Literal["up", "down"] | None = Field(description="null takes the rating back.")
    reason: str = Field("", max_length=REASON_CHARS, description="Why, in the reader's words.")
    correction: str = Field("", max_length=REASON_CHARS, description="What would have been right.")


class ConversationTitle(BaseModel):
    """The body of `PATCH /conversations/{conversation_id}`."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"title": "Neural ODEs"}]}
    )

    title: str = Field(min_length=1, max_length=200)


class ConversationBody(BaseModel):
    """A conversation without its turns; times are in ISO 8601 with their offset."""

    model_config = _example(**_CONVERSATION)

    conversation_id: str
    title: str
    created_at: str
    updated_at: str
    turn_count: int


class ConversationList(BaseModel):
    """A page of conversations, the last used first; `next` asks for the page after it."""

    model_config = _example(conversations=[_CONVERSATION], next=None)

    conversations: list[ConversationBody]
    next: str | None


class GivenFeedback(BaseModel):
    """The rating of an answer."""

    answer_id: str
    rating: Literal["up", "down"]
    reason: str
    correction: str
    created_at: str


class TurnHit(BaseModel):
    """An entry that was found for a turn."""

    rank: int
    score: float
    entry_id: str
    heading: str
    term: str


class TurnBody(BaseModel):
    """A question of a conversation with its answer, named as in `aifactory ask --json`."""

    answer_id: str
    position: int
    question: str
    standalone_question: str
    answer: str
    citations: list[CitationBody]
    hits: list[TurnHit]
    answerable: bool
    answerable_probability: float
    model: str
    snapshot_id: str
    timings_ms: dict[str, float]
    notice: str
    created_at: str
    feedback: GivenFeedback | None


class ConversationInFull(ConversationBody):
    """A conversation with its turns."""

    model_config = _example(**_CONVERSATION, turns=[_TURN])

    turns: list[TurnBody]
