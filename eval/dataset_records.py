"""The lines of a dataset's files, checked one by one.

Our own extension of the BEIR layout stands in each query's `metadata`:

    answerable           true, false
    kind                 the slice it belongs to
    split                of an unanswerable question, which has no judgment to tell
    gold_span            {"entry_id", "start", "end"}, or a list of them
    gold_quote           a text, or a list of them
    answer_must_include  a list of words; a list in its place gives accepted spellings
    history              [["user", "..."], ["agent", "..."], ...]
    rewrite              the question made complete by a person

The names of two public collections are understood as well: `selected_sentences` (CLAPnq) are gold
quotes, `answerability` (MTRAG) says ANSWERABLE or UNANSWERABLE.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeInt,
    ValidationError,
    model_validator,
)

from eval.dataset import GoldSpan, Question
from eval.errors import DatasetInvalid

Record = TypeVar("Record", bound=BaseModel)

HIGHEST_GAIN = 1000
"""trec_eval counts documents per gain, from 0 to the highest."""

Identifier = Annotated[str, Field(pattern=r"^[^\s\x00-\x1f\x7f]+$")]
"""An id without white space, which separates the columns of a TREC run file."""

Words = Annotated[str, Field(pattern=r"\w")]
Spellings = Annotated[list[Words], Field(min_length=1)]
_WHOLE_NUMBER = re.compile(r"([+-]?[0-9]{1,9})(?:\.0{1,9})?")


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _spellings(value: Any) -> Any:
    return [_listed(word) for word in value] if isinstance(value, list) else value


def _answerable(value: Any) -> Any:
    """Return MTRAG's words as true, false or, for PARTIAL and the like, unjudged."""
    if isinstance(value, str):
        return {"ANSWERABLE": True, "UNANSWERABLE": False}.get(value.upper())
    return value


class SpanRecord(BaseModel):
    """A `gold_span`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    entry_id: str
    start: NonNegativeInt
    end: NonNegativeInt

    @model_validator(mode="after")
    def _is_not_empty(self) -> SpanRecord:
        if self.end <= self.start:
            raise ValueError(f"the gold span ends at {self.end}, not after its start {self.start}")
        return self


class JudgedText(BaseModel):
    """A question's text and what is known about it; a turn has the same fields."""

    model_config = ConfigDict(extra="ignore", strict=True)

    text: str = Field(min_length=1)
    kind: str = ""
    split: str = ""
    answerable: Annotated[bool | None, BeforeValidator(_answerable)] = Field(
        None, validation_alias=AliasChoices("answerable", "answerability")
    )
    spans: Annotated[list[SpanRecord], BeforeValidator(_listed)] = Field(
        [], validation_alias="gold_span"
    )
    quotes: Annotated[list[Words], BeforeValidator(_listed)] = Field(
        [], validation_alias="gold_quote"
    )
    sentences: Annotated[list[str], BeforeValidator(_listed)] = Field(
        [], validation_alias="selected_sentences"
    )
    must_include: Annotated[list[Spellings], BeforeValidator(_spellings)] = Field(
        [], validation_alias="answer_must_include"
    )
    history: list[Annotated[tuple[str, str], Field(strict=False)]] = []
    rewrite: str = Field("", validation_alias=AliasChoices("rewrite", "standalone"))

    def question(self, question_id: str, gains: dict[str, int], place: str = "") -> Question:
        """Return the noun; a judged question is answerable unless the record says otherwise."""
        judged = True if any(gain > 0 for gain in gains.values()) else None
        return Question(
            question_id=question_id,
            text=self.text,
            kind=self.kind,
            answerable=judged if self.answerable is None else self.answerable,
            gains=gains,
            spans=tuple(GoldSpan(span.entry_id, span.start, span.end) for span in self.spans),
            quotes=tuple(self.quotes or self.sentences),
            is_verbatim=bool(self.quotes),
            must_include=tuple(tuple(spellings) for spellings in self.must_include),
            history=tuple(self.history),
            rewrite=self.rewrite,
            place=place,
        )


class QueryRecord(JudgedText):
    """A line of `queries.jsonl`; the fields of its `metadata` count as its own."""

    query_id: Identifier = Field(validation_alias="_id")

    @model_validator(mode="before")
    @classmethod
    def _with_metadata(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("metadata"), dict):
            return {**value["metadata"], **value}
        return value


class ConversationRecord(BaseModel):
    """A line of `conversations.jsonl`."""

    model_config = ConfigDict(extra="ignore", strict=True)

    conversation_id: Identifier = Field(validation_alias="_id")
    split: str = ""
    turns: list[JudgedText] = Field(min_length=1)


class DocumentRecord(BaseModel):
    """A line of `corpus.jsonl`, as far as judgments need it."""

    model_config = ConfigDict(extra="ignore", strict=True)

    document_id: Identifier = Field(validation_alias="_id")
    title: str | None = None


def read_records(file: Path, shape: type[Record]) -> Iterator[tuple[int, Record]]:
    """Yield (line number from 1, record) of a JSONL file; empty lines are skipped.

    Raises:
        DatasetInvalid: a line is not what the shape asks for; the message names file and line.
    """
    for number, line in _lines(file):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
            if not isinstance(found, dict):
                raise DatasetInvalid(f"{file}:{number}: not a JSON object")
            yield number, shape.model_validate(found)
        except json.JSONDecodeError as error:
            problem = f"not JSON: {error.msg.removesuffix(' at')} at column {error.colno}"
            raise DatasetInvalid(f"{file}:{number}: {problem}") from None
        except ValidationError as error:
            raise DatasetInvalid(f"{file}:{number}: {_problem(error)}") from None
        except (ValueError, RecursionError) as error:  # a number too long, a nesting too deep
            raise DatasetInvalid(f"{file}:{number}: not JSON: {error}") from None


def read_judgments(file: Path) -> Iterator[tuple[int, str, str, int]]:
    """Yield (line number, query id, document id, gain) of a TSV of judgments in BEIR layout.

    Raises:
        DatasetInvalid: a line does not have three columns, or its gain is no whole number up to
            `HIGHEST_GAIN`.
    """
    for number, line in _lines(file):
        columns = line.rstrip("\r\n").split("\t")
        if columns == [""] or (number == 1 and columns[-1] == "score"):
            continue
        if len(columns) != 3:
            raise DatasetInvalid(
                f"{file}:{number}: {len(columns)} columns instead of 3 "
                "(query id, document id and score, with tabs between)"
            )
        query_id, document_id, score = columns
        whole = _WHOLE_NUMBER.fullmatch(score)
        if not whole:
            raise DatasetInvalid(f"{file}:{number}: score {score[:20]!r} is not a whole number")
        gain = int(whole[1])
        if gain > HIGHEST_GAIN:
            raise DatasetInvalid(f"{file}:{number}: score {score} is above {HIGHEST_GAIN}")
        yield number, query_id, document_id, gain


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        with file.open(encoding="utf-8-sig") as lines:
            yield from enumerate(lines, start=1)
    except OSError as error:
        raise DatasetInvalid(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise DatasetInvalid(f"{file} is not UTF-8: {error.reason} at byte {error.start}") from None


def _problem(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    message = str(first["msg"]).removeprefix("Value error, ")
    return f"{place}: {message}" if place else message
