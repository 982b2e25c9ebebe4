"""What can go wrong between a question and its answer.

RagError                     the message names the thing, both values and the way out
├── QuestionInvalid          the question cannot be searched for
│   ├── QuestionEmpty        nothing but white space or punctuation
│   └── QuestionTooLong      over the limit; the message gives both lengths
├── SettingsInvalid          an AIFACTORY_* variable or a setting in the file is wrong
├── EntryMissing             no entry of that id in the live snapshot; the nearest ids are named
└── ModelUnavailable         the named language model is not built into this version
"""


class RagError(Exception):
    """Base of every error of this room; its message is one line meant for the user."""


class QuestionInvalid(RagError):
    """Raised when a question cannot be searched for."""


class QuestionEmpty(QuestionInvalid):
    """Raised when a question holds no letter and no digit."""


class QuestionTooLong(QuestionInvalid):
    """Raised when a question is longer than the limit."""


class SettingsInvalid(RagError):
    """Raised when a setting has a value that cannot be used."""


class EntryMissing(RagError):
    """Raised when an entry id is not in the live snapshot."""


class ModelUnavailable(RagError):
    """Raised when a language model is asked for that cannot be had."""
