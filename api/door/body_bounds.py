"""The noun BodyBounds: how large the body of a request may be, route by route."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.door.body_budget import BodyBudget
from api.schemas.requests import LONGEST_TEXT_CHARS
from rag.settings import Settings

MIB = 1_048_576
UPLOAD_ROUTE = "/admin/ingest"
CONVERSATION_ROUTES = ("/v1/chat/completions", "/v1/embeddings")

QUESTION_BYTES = 65_536  # a question, feedback, a title, the call of a tool
CONVERSATION_BYTES = 4_000_000  # many messages, images that are left out, 1,000 texts to embed
MOST_VALUES = 200_000  # in the JSON of one body: each is made while everybody else waits
QUESTIONS_AT_ONCE_BYTES = 32_000_000
CONVERSATIONS_AT_ONCE_BYTES = 32_000_000

_FORM_BYTES = 65_536  # what a multipart form adds to the files in it
_ESCAPED_BYTES = 12  # the longest way in which JSON writes one character
_AROUND_BYTES = 16_384  # what stands around a question


@dataclass(frozen=True, slots=True)
class Bound:
    """The bound of one route.

    Attributes:
        most_bytes: of one body.
        budget: of all bodies that are kept in memory; None where a body flows to the route.
        way_out: what the sender of a larger one can do.
    """

    most_bytes: int
    budget: BodyBudget | None
    way_out: str


@dataclass(frozen=True, slots=True)
class BodyBounds:
    """The bounds of all routes; `by_path` names those unlike the others."""

    others: Bound
    by_path: Mapping[str, Bound]

    @classmethod
    def of(cls, settings: Settings) -> BodyBounds:
        """Return the bounds of a server; long questions make room for themselves."""
        longest_chars = min(settings.max_question_chars, LONGEST_TEXT_CHARS)
        question_bytes = max(QUESTION_BYTES, longest_chars * _ESCAPED_BYTES + _AROUND_BYTES)
        conversation = Bound(
            CONVERSATION_BYTES,
            BodyBudget(CONVERSATIONS_AT_ONCE_BYTES),
            "leave out images and old messages, or embed fewer texts at once",
        )
        return cls(
            Bound(question_bytes, BodyBudget(QUESTIONS_AT_ONCE_BYTES), "send less"),
            {
                **dict.fromkeys(CONVERSATION_ROUTES, conversation),
                UPLOAD_ROUTE: Bound(
                    upload_bytes(settings), None, "send less, or raise AIFACTORY_MAX_UPLOAD_MIB"
                ),
            },
        )

    def at(self, path: str) -> Bound:
        """Return the bound of the route at a path."""
        return self.by_path.get(path, self.others)


def upload_bytes(settings: Settings) -> int:
    """Return how large an upload may be, with the form around its files."""
    return settings.max_upload_mib * MIB + _FORM_BYTES
