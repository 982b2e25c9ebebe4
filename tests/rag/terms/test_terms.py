import pytest

from indexes.index import Name
from rag.terms.terms import TermTable, count_words, is_synonym, name_words, singular, speaks_of

TABLE = TermTable(
    [
        Name("neural ODE", "neural-ode", is_term=True),
        Name("neural ODE graphs", "graphs", is_term=True),
        Name("NCPs", "ncp", is_term=False),
        Name("Neural Circuit Policy", "ncp", is_term=True),
        Name("pruning", "pruning", is_term=True),
        Name("pruning", "methods", is_term=False),
    ]
)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("odes", "ode"), ("policies", "policy"), ("class", "class"), ("bus", "bus"), ("gpu's", "gpu")],
)
def test_plurals_become_singular(word: str, expected: str) -> None:
    assert singular(word) == expected


def test_names_are_compared_folded_without_punctuation() -> None:
    assert name_words("Neural-ODEs") == name_words("neural ode") == ("neural", "ode")


def test_a_query_that_is_a_name_names_its_entries_terms_before_aliases() -> None:
    mention = TABLE.whole("Pruning")
    assert mention is not None
    assert mention.entry_ids == ("pruning", "methods")
    assert TABLE.whole("ncp") is not None
    assert TABLE.whole("pruning today") is None


def test_the_longest_name_in_a_question_wins() -> None:
    question = "How do neural-ODE graphs differ from neural ODEs and an NCP?"
    found = [(m.name, m.written, m.entry_ids) for m in TABLE.mentions(question)]
    assert found == [
        ("neural ODE graphs", "neural ODE graphs", ("graphs",)),
        ("neural ODE", "neural ODEs", ("neural-ode",)),
        ("NCPs", "NCP", ("ncp",)),
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("nueral ODE", "neural ODE"),
        ("prunning of neurl circuits", "pruning of neural circuits"),
        ("what about neural policies", "what about neural policies"),
        ("a tuning fork", "a tuning fork"),
        ("Odee xor", "ode xor"),
        ("an OEDN and a PODE", "an OEDN and a PODE"),
    ],
)
def test_unknown_words_are_corrected_to_the_nearest_word_of_a_name(
    written: str, expected: str
) -> None:
    known = {"what", "about", "tuning", "fork"}
    assert TABLE.correct(written, lambda word: word.lower() in known) == expected


GARDEN = TermTable(
    [
        Name("copper watering can", "can", is_term=True),
        Name("greenhouse", "greenhouse", is_term=True),
        Name("rain barrel", "barrel", is_term=True),
        Name("rain barrels stand", "stand", is_term=True),
    ],
    lambda: {"copper": 2, "watering": 3, "barrel": 2, "rain": 4, "compost": 9, "weakness": 3},
    {"splat", "bartel", "carrel", "tile"}.__contains__,
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("how does coppr watreing can help", "how does copper watering can help"),
        ("the weaknes of compots", "the weakness of compost"),
        ("two rain bartel outside", "two rain barrel outside"),
        ("is a green house warm", "is a greenhouse warm"),
        ("a bartel and a tiled carrel", "a bartel and a tiled carrel"),
        ("what are rain barrel stands", "what are rain barrel stands"),
        ("rain barrel in a rainbarrel", "rain barrel in a rain barrel"),
        ("can it rain compost", "can it rain compost"),
    ],
)
def test_names_and_words_of_the_corpus_are_put_right(written: str, expected: str) -> None:
    assert GARDEN.correct(written, lambda _: False) == expected


def test_a_misspelt_name_inside_a_question_is_found_once_it_is_put_right() -> None:
    question = GARDEN.correct("can you say what a copper waterng can does", lambda _: False)
    assert [m.name for m in GARDEN.mentions(question)] == ["copper watering can"]


def test_words_are_counted_folded_and_singular() -> None:
    counts = count_words(["Lamps, lamp-posts and a LAMP", "don't 4x4s post"])
    assert counts == {"lamp": 3, "post": 2}


def test_nearest_names_are_offered() -> None:
    assert TABLE.nearest_names("neural ode graf", 1) == ["neural ODE graphs"]


def test_an_empty_table_finds_nothing() -> None:
    empty = TermTable([])
    assert empty.whole("x") is None
    assert empty.mentions("x") == []
    assert empty.correct("xyzzy", lambda word: False) == "xyzzy"
    assert empty.nearest_names("x", 3) == []


@pytest.mark.parametrize(
    ("alias", "term", "expected"),
    [
        ("EUV", "Extreme ultraviolet lithography", True),
        ("RAG", "Retrieval-augmented generation", True),
        ("NCPs", "neural circuit policies", True),
        ("circuit policy", "neural circuit policies", True),
        ("neural ordinary differential equations", "neural ODE", True),
        ("Neural CDEs", "neural controlled differential equations", True),
        ("TPU", "neural network accelerator", False),
        ("lottery ticket hypothesis", "neural network pruning", False),
    ],
)
def test_an_alias_is_a_synonym_or_a_topic(alias: str, term: str, expected: bool) -> None:
    assert is_synonym(alias, term) is expected


def test_a_name_is_spoken_of_word_by_word() -> None:
    assert speaks_of("All NCPs are small.", "NCP")
    assert not speaks_of("A uncapped pen.", "cap")


def test_a_letter_that_folds_into_two_moves_no_name() -> None:
    [mention] = TABLE.mentions("How does the İzmir pruning differ today?")
    assert (mention.name, mention.written) == ("pruning", "pruning")
