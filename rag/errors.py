"""What can go wrong between a question and its answer.

RagError                     the message names the thing, both values and the way out
├── QuestionInvalid          the question cannot be searched for
│   ├── QuestionEmpty        nothing but white space or punctuation
│   └── QuestionTooLong      over the limit; the message gives both lengths
├── KInvalid                 so many hits cannot be searched for; also a ValueError
├── SettingsInvalid          an AIFACTORY_* variable or a setting in the file is wrong
├── EntryMissing             no entry of that id in the live snapshot; the nearest ids are named
├── ModelUnavailable         the named language model cannot be had: unknown, or an extra is missing
├── GenerationFailed         the language model was asked and did not deliver
│   ├── ModelUnreachable     no connection, or a server error, after all tries
│   ├── ModelRejected        the server refuses the request: key, name or size; not tried again
│   ├── ModelTimedOut        no first text, or no end, in time
│   ├── ModelBroken          its answer stopped or cannot be read
│   └── ModelResting         it failed so often that it is left alone for a while
├── DatabaseUnusable         the conversations cannot be read or written
├── ConversationMissing      no conversation of that id, or not the caller's
├── ConversationFull         it has as many turns as are allowed
└── AnswerMissing            no answer of that id, or not the caller's
"""


class RagError(Exception):
    """Base of every error of this room; its message is one line meant for the user."""


class QuestionInvalid(RagError):
    """Raised when a question cannot be searched for."""


class QuestionEmpty(QuestionInvalid):
    """Raised when a question holds no letter and no digit."""


class QuestionTooLong(QuestionInvalid):
    """Raised when a question is longer than the limit."""


class KInvalid(RagError, ValueError):
    """Raised when a search asks for a number of hits that is no whole number from 1 on."""


class SettingsInvalid(RagError):
    """Raised when a setting has a value that cannot be used."""


class EntryMissing(RagError):
    """Raised when an entry id is not in the live snapshot."""


class ModelUnavailable(RagError):
    """Raised when a language model is asked for that cannot be had."""


class GenerationFailed(RagError):
    """Raised when a language model was asked and did not deliver."""


class ModelUnreachable(GenerationFailed):
    """Raised when a model's server cannot be reached or fails, after all tries."""


class ModelRejected(GenerationFailed):
    """Raised when a model's server refuses a request; trying again would not help."""


class ModelTimedOut(GenerationFailed):
    """Raised when a model sends no first text, or no end, in time."""


class ModelBroken(GenerationFailed):
    """Raised when a model's answer stops in the middle or cannot be read."""


class ModelResting(GenerationFailed):
    """Raised without asking a model that failed too often just now."""


class DatabaseUnusable(RagError):
    """Raised when conversations cannot be read or written."""


class ConversationMissing(RagError):
    """Raised when there is no conversation of an id, or it is somebody else's."""


class ConversationFull(RagError):
    """Raised when a conversation has as many turns as are allowed."""


class AnswerMissing(RagError):
    """Raised when there is no answer of an id, or it is somebody else's."""
