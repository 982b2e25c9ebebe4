from collections.abc import Callable

from rag.chat import Chat
from rag.question.question import Kind
from rag.quoting.evidence import EvidenceScorer, Focus
from rag.quoting.unit_stems import label_of, title_synonyms, with_synonyms

RECORD = (
    '{"term": "Lamp", "definition": "A lamp gives light.\\n\\n'
    "**Heat**: a bulb (Joule, 1841) gets hot.\\n\\n## Edison et al.\\n\\nThe bulb was improved."
    '"}'
)


def test_labels_are_bold_or_stand_before_a_colon(chat_about: Callable[..., Chat]) -> None:
    index = chat_about(RECORD, '{"term": "Fan", "definition": "Use: cooling. It moves air."}').index
    labels = {
        label_of(index.entry(entry), unit)
        for entry in ("lamp", "fan")
        for passage in index.passages(entry)
        for unit in passage.units
    }
    assert labels == {"", "Heat", "Use"}


def test_titles_that_head_the_same_content_stand_for_each_other(
    chat_about: Callable[..., Chat],
) -> None:
    index = chat_about(RECORD).index
    groups = title_synonyms(index)
    stems = with_synonyms(frozenset(index.stems("drawback")), groups)
    assert stems >= set(index.stems("failure limitation challenge"))
    assert not stems & set(index.stems("benefit"))


def test_a_question_for_an_origin_prefers_units_with_a_year_in_them_or_their_title(
    chat_about: Callable[..., Chat],
) -> None:
    chat = chat_about(RECORD)
    scorer = EvidenceScorer(chat.index)
    vector = chat.index.unit_vectors("lamp#0")[0] * 0
    for kind, gain in ((Kind.ORIGIN, 0.15), (Kind.FACT, 0.0)):
        found = scorer.gather([(1, "lamp")], vector, Focus({}), kind)
        assert {e.quote: e.score for e in found} == {
            "A lamp gives light.": 0.05,
            "**Heat**: a bulb (Joule, 1841) gets hot.": gain,
            "The bulb was improved.": gain,
        }
