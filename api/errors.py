"""What can go wrong under the roof, and the one table from errors to exit codes and HTTP status.

ApiError                     the message names the thing, both values and the way out
├── RequestInvalid           a parameter or field of a request has a value that cannot be used
├── RequestMalformed         the body of a request is not JSON
├── BodyTooLarge             the body of a request is over the limit
├── OptionInvalid            an argument of the command line has a value that cannot be used
├── AddressUnusable          the server cannot listen there
├── KeysMissing              the address is open to others, and nobody has a key
├── KeyNeeded                the request carries no API key, or none that is valid
├── ScopeNeeded              the API key is valid but may not do this
├── TooManyRequests          the client asks more often, or more at once, than it may
├── Overloaded               more requests wait than the server takes
├── TookTooLong              the answer was not there in time
├── StreamGone               the events of a stream are no longer kept
└── SnapshotUnknown          no snapshot of that id to activate, or none to go back to
"""

from __future__ import annotations

from typing import NamedTuple

from corpus.errors import CorpusError
from eval.errors import EvalError
from indexes import errors as indexes_errors
from rag import errors as rag_errors


class ApiError(Exception):
    """Base of every error of the roof; its message is one line meant for the user."""


class RequestInvalid(ApiError):
    """Raised when a parameter or field of a request cannot be used."""


class RequestMalformed(ApiError):
    """Raised when the body of a request is not JSON."""


class BodyTooLarge(ApiError):
    """Raised when the body of a request is over the limit."""


class OptionInvalid(ApiError):
    """Raised when an argument of the command line cannot be used."""


class AddressUnusable(ApiError):
    """Raised when the server cannot listen on an address."""


class KeysMissing(ApiError):
    """Raised when an address is open to others and nobody has a key."""


class KeyNeeded(ApiError):
    """Raised when a request carries no valid API key."""


class ScopeNeeded(ApiError):
    """Raised when an API key may not do what is asked."""


class TooManyRequests(ApiError):
    """Raised when a client asks more often, or more at once, than it may."""


class Overloaded(ApiError):
    """Raised when more requests wait than the server takes."""


class TookTooLong(ApiError):
    """Raised when an answer was not there in time."""


class StreamGone(ApiError):
    """Raised when the events of a stream are no longer kept."""


class SnapshotUnknown(ApiError):
    """Raised when there is no such snapshot to activate or to go back to."""


class Outcome(NamedTuple):
    """How an error leaves the program: an exit code and an HTTP status."""

    exit_code: int
    status: int


THEIRS, OURS = 2, 1  # exit codes: the user's mistake; ours or the environment's

UNEXPECTED = Outcome(OURS, 500)

OUTCOMES: dict[type[Exception], Outcome] = {
    CorpusError: Outcome(THEIRS, 422),
    indexes_errors.ModelNotFound: Outcome(THEIRS, 503),
    indexes_errors.ModelCorrupt: Outcome(OURS, 503),
    indexes_errors.SnapshotMissing: Outcome(THEIRS, 503),
    indexes_errors.SnapshotCorrupt: Outcome(OURS, 503),
    indexes_errors.EmbedderMismatch: Outcome(THEIRS, 503),
    indexes_errors.IngestionRunning: Outcome(OURS, 409),
    indexes_errors.HomeUnwritable: Outcome(OURS, 507),
    rag_errors.QuestionInvalid: Outcome(THEIRS, 422),
    rag_errors.KInvalid: Outcome(THEIRS, 422),
    rag_errors.SettingsInvalid: Outcome(THEIRS, 500),
    rag_errors.EntryMissing: Outcome(THEIRS, 404),
    rag_errors.ModelUnavailable: Outcome(THEIRS, 422),
    rag_errors.GenerationFailed: Outcome(OURS, 502),
    rag_errors.ModelTimedOut: Outcome(OURS, 504),
    rag_errors.ModelResting: Outcome(OURS, 503),
    rag_errors.DatabaseUnusable: Outcome(OURS, 503),
    rag_errors.ConversationMissing: Outcome(THEIRS, 404),
    rag_errors.ConversationFull: Outcome(THEIRS, 409),
    rag_errors.AnswerMissing: Outcome(THEIRS, 404),
    EvalError: Outcome(THEIRS, 422),
    RequestInvalid: Outcome(THEIRS, 422),
    RequestMalformed: Outcome(THEIRS, 400),
    BodyTooLarge: Outcome(THEIRS, 413),
    OptionInvalid: Outcome(THEIRS, 422),
    AddressUnusable: Outcome(OURS, 500),
    KeysMissing: Outcome(THEIRS, 500),
    KeyNeeded: Outcome(THEIRS, 401),
    ScopeNeeded: Outcome(THEIRS, 403),
    TooManyRequests: Outcome(THEIRS, 429),
    Overloaded: Outcome(OURS, 503),
    TookTooLong: Outcome(OURS, 504),
    StreamGone: Outcome(THEIRS, 410),
    SnapshotUnknown: Outcome(THEIRS, 404),
}
"""The table: a class stands for its subclasses, unless they have a row of their own."""

EXPECTED = (
    CorpusError,
    indexes_errors.IndexesError,
    rag_errors.RagError,
    EvalError,
    ApiError,
)
"""The errors whose message is meant for the user."""


def outcome(error: type[BaseException]) -> Outcome:
    """Return how errors of a class leave the program; `UNEXPECTED` for a class without a row."""
    for ancestor in error.__mro__:
        if ancestor in OUTCOMES:
            return OUTCOMES[ancestor]
    return UNEXPECTED


def one_line(error: BaseException) -> str:
    """Return the message of an error on one line; its class name when it has none."""
    return " ".join(str(error).split()) or type(error).__name__
