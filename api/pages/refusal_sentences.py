"""What the chat page says to people where a question cannot be answered, by the kind of error."""

from __future__ import annotations

REFUSAL_SENTENCES = {
    "ConversationMissing": "This conversation is not here. It may have been deleted, or belong to "
    "another key.",
    "ConversationFull": "This conversation is full.",
    "SnapshotMissing": "This server has no glossary yet. Run “aifactory ingest” on it, then "
    "reload the page.",
    "Overloaded": "The server is busy. Please ask again in a moment.",
    "TookTooLong": "The answer took too long. Please ask again in a moment.",
    "TooManyRequests": "Too many questions in a short time. Please ask again in a moment.",
}
"""A kind without a sentence is told by the message of the error itself."""


def refusal_sentence(error: Exception) -> str:
    """Return what is said of an error; "" where its own message has to do."""
    kinds = (kind.__name__ for kind in type(error).__mro__)
    return next((REFUSAL_SENTENCES[kind] for kind in kinds if kind in REFUSAL_SENTENCES), "")
