"""What can go wrong while reading sources.

CorpusError                 the user's input cannot be used; the message names it and the way out
├── SourceNotFound          no such file or folder
├── SourceUnreadable        it is there but cannot be read as text (binary, encoding, permission)
├── SourceTooLarge          a bound protects memory; the message gives both sizes
├── UnknownFormat           no reader recognises it
├── EmptySource             it was read, and holds no entry
├── BadMapping              `--map` names a field that no record has, or is malformed
└── MalformedRecord         one record is broken, and `--strict` asked to stop there
"""


class CorpusError(Exception):
    """Base of every error of the corpus; its message is one line meant for the user."""


class SourceNotFound(CorpusError):
    """Raised when a source path does not exist."""


class SourceUnreadable(CorpusError):
    """Raised when a source is not text, not decodable or not permitted."""


class SourceTooLarge(CorpusError):
    """Raised when a source exceeds a documented bound."""


class UnknownFormat(CorpusError):
    """Raised when no reader recognises a source, or `--format` names none."""


class EmptySource(CorpusError):
    """Raised when a source was read and holds no entry."""


class BadMapping(CorpusError):
    """Raised when a field mapping is malformed or names fields that no record has."""


class MalformedRecord(CorpusError):
    """Raised for the first malformed record when reading strictly."""
