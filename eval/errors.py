"""What can go wrong while judging.

EvalError                    the message names the thing, both values and the way out
├── DatasetInvalid           a dataset contradicts itself; the message names file and line
├── DatasetMismatch          a dataset judges entries that the live glossary does not have
├── RunInvalid               a TREC run file cannot be read; the message names file and line
├── EvaluationUnreadable     a file is no result of `aifactory eval`
├── ResultUnwritable         a result or report cannot be written where it should go
├── NothingToCompare         two results share no measured query
└── TooFewQuestions          a fit needs more labelled questions
"""


class EvalError(Exception):
    """Base of every error of this room; its message is one line meant for the user."""


class DatasetInvalid(EvalError):
    """Raised when a dataset contradicts itself."""


class DatasetMismatch(EvalError):
    """Raised when a dataset and the live glossary do not belong together."""


class RunInvalid(EvalError):
    """Raised when a TREC run file cannot be read."""


class EvaluationUnreadable(EvalError):
    """Raised when a file is no result of `aifactory eval`."""


class ResultUnwritable(EvalError):
    """Raised when a result or report cannot be written."""


class NothingToCompare(EvalError):
    """Raised when results share no measured query."""


class TooFewQuestions(EvalError):
    """Raised when a fit has too few labelled questions of a kind."""
