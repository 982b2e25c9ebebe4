"""Questions about a term that read well whatever the term is: no article, no number, no verb."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class ExampleQuestion:
    """A question to click on: its text, the text of the link, and where the link leads."""

    text: str
    label: str

    @property
    def query(self) -> str:
        """The query string that asks the question."""
        return urlencode({"q": self.text})


def explain(term: str) -> ExampleQuestion:
    """Return the question that asks what a term is."""
    return _labelled_by_itself(f"Explain {term}")


def about(term: str) -> ExampleQuestion:
    """Return the same question, labelled with the term alone."""
    return ExampleQuestion(explain(term).text, term)


def questions_about(term: str) -> tuple[ExampleQuestion, ...]:
    """Return several questions about one term."""
    texts = f"Explain {term}", f"Uses of {term}", f"Limitations of {term}"
    return tuple(map(_labelled_by_itself, texts))


def _labelled_by_itself(text: str) -> ExampleQuestion:
    return ExampleQuestion(text, text)
