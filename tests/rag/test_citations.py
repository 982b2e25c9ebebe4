from corpus.entry import Entry, Source
from corpus.passage import Passage, Unit, UnitKind
from rag.citations import CitationList

ENTRY = Entry("lamp", "lamp, light", "lamp", (), None, "It glows. It cools.", Source("x", 1))
UNITS = (Unit(UnitKind.SENTENCE, 0, 9), Unit(UnitKind.SENTENCE, 10, 19))
PASSAGE = Passage.cut(ENTRY, 0, 0, 19, "", UNITS)


def test_quotes_are_numbered_in_the_order_they_are_shown_and_keep_their_number() -> None:
    citations = CitationList()
    markers = [citations.cite(ENTRY, PASSAGE, *span) for span in ((10, 19), (0, 9), (10, 19))]
    assert markers == ["[1]", "[2]", "[1]"]
    assert [(c.number, c.quote, c.passage_id) for c in citations.citations()] == [
        (1, "It cools.", "lamp#0"),
        (2, "It glows.", "lamp#0"),
    ]
