import pytest

from corpus.plain import plain_text, table_cells


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("**Bold** and `code` and *soft*", "Bold and code and soft"),
        ("- item\n  - nested\n1. step", "item nested step"),
        ("## Title\n\ntext", "Title text"),
        ("| a | b |\n|---|:-:|\n| c | d |", "a b c d"),
        ("[name](https://example.org/x) here", "name here"),
        ("the set {x | x > 0} and |f| = 1", "the set {x x > 0} and |f| = 1"),
        ("", ""),
    ],
)
def test_words_remain_without_their_marks(markdown: str, words: str) -> None:
    assert plain_text(markdown) == words


def test_cells_of_a_row() -> None:
    assert table_cells("| **M4** | 2 | a \\| b |") == ["**M4**", "2", "a | b"]
