from __future__ import annotations

import pytest

from api.plain_text import printable, shortened, single_line, without_surrogates


@pytest.mark.parametrize(
    ("hostile", "safe"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x.test\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jcleared", "cleared"),
        ("a\x00b\x08c\x7fd\x85e", "abcde"),
        ("abc\u202edef\u2066ghi", "abcdefghi"),
        ("one\r\ntwo\rthree", "one\ntwothree"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("\x1b", ""),
        ("größe ∑ 日本", "größe ∑ 日本"),
    ],
)
def test_nothing_that_steers_a_terminal_is_left(hostile: str, safe: str) -> None:
    assert printable(hostile) == safe


def test_a_single_line_has_no_line_break() -> None:
    assert single_line(" a\n\n b\tc ") == "a b c"


def test_a_long_text_ends_in_an_ellipsis_within_the_length() -> None:
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abc defg", 6) == "abc d…"


def test_undecodable_bytes_of_an_argument_become_replacement_characters() -> None:
    assert without_surrogates("a\udcffb") == "a\ufffdb"
