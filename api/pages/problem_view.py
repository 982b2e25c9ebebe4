"""What the page shows that says what is wrong and where else to go."""

from __future__ import annotations

from dataclasses import dataclass

from rag.terms.suggestions import Suggestion

_HEADINGS = {
    403: "This is not allowed",
    404: "There is no such page",
    405: "There is no such page",
    422: "This address cannot be used",
    429: "Too many requests",
    500: "Something went wrong on the server",
    503: "The server cannot answer now",
    504: "That took too long",
}


@dataclass(frozen=True, slots=True)
class ProblemView:
    """Everything the template of a problem needs.

    Attributes:
        status: of the response.
        problem: one line that says what is wrong.
        section: of the navigation, as in the frame of all pages; "" for none.
        needs_ingestion: whether there is no glossary yet.
        missing: the name of an entry that is not there.
        nearest: entries with nearly that name.
    """

    status: int
    problem: str
    section: str = ""
    needs_ingestion: bool = False
    missing: str = ""
    nearest: tuple[Suggestion, ...] = ()

    @property
    def heading(self) -> str:
        """Say in a few words what kind of problem it is."""
        return _HEADINGS.get(self.status, "That did not work")

    @property
    def is_passing(self) -> bool:
        """Whether trying again may help."""
        return self.status in (429, 500, 502, 503, 504)
