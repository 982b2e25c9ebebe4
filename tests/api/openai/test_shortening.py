"""What a client takes of an answer ends where a sentence ends with its markers."""

from __future__ import annotations

import pytest

from api.openai.shortening import Limit, Shortening

TEXT = (
    "A lamp gives light. [1] It needs a socket. [2][3]\n\n"
    "```python\nlamp = v[1]\nprint(lamp).\n```\n\n[4]\n\n"
    "| part | use |\n|---|---|\n| bulb | light [5] |\n| shade | shadow [6] |\n\n"
    "- The bulb. [7]\n- The switch `a [8] b` at last. [9]"
)
FIRST = "A lamp gives light. [1]"
SECOND = f"{FIRST} It needs a socket. [2][3]"
CODE = TEXT[: TEXT.index("\n\n| part")]
ROW = TEXT[: TEXT.index("\n| shade")]


def words(text: str) -> int:
    return len(text.split())


def shortened(limit: Limit, step: int = 10_000) -> tuple[str, str | None]:
    shortening = Shortening(limit)
    pieces = [TEXT[at : at + step] for at in range(0, len(TEXT), step)]
    told = "".join(shortening.add(piece, words) for piece in pieces) + shortening.end(words)
    assert told == shortening.shown
    return told, shortening.reason


@pytest.mark.parametrize("step", [1, 2, 7, 50, 10_000])
@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (Limit(), (TEXT, None)),
        (Limit(most_tokens=4), ("", "length")),
        (Limit(most_tokens=5), (FIRST, "length")),
        (Limit(most_tokens=9), (FIRST, "length")),
        (Limit(most_tokens=10), (SECOND, "length")),
        (Limit(most_tokens=words(CODE)), (CODE, "length")),
        (Limit(most_tokens=words(ROW)), (ROW, "length")),
        (Limit(most_tokens=words(TEXT)), (TEXT, None)),
        (Limit(stops=("\n\n",)), (SECOND, "stop")),
        (Limit(stops=("socket", "print")), (FIRST, "stop")),
        (Limit(stops=("A lamp",)), ("", "stop")),
        (Limit(stops=("nowhere",)), (TEXT, None)),
        (Limit(most_tokens=5, stops=("print",)), (FIRST, "length")),
        (Limit(most_tokens=50, stops=(" It",)), (FIRST, "stop")),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_same_part_is_shown_however_the_text_comes(
    limit: Limit, expected: tuple[str, str | None], step: int
) -> None:
    assert shortened(limit, step) == expected
