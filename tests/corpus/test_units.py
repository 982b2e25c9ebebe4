from hypothesis import given
from hypothesis import strategies as st

from corpus.context import unit_words
from corpus.passage import UnitKind
from corpus.units import LONG_ITEM_CHARS, find_units

BODY = """\
**Lamp** is a light. It glows.

## How it works

Three parts matter:

- **Bulb**: gives light. Gets hot.
- **Switch**: turns it on
  - nested one

**Numbers**

| Lamp | Watts |
|------|-------|
| **A** | 11 |
| B | 38 |

**Care**:

1. Unplug it.
2. Wipe it.

```python
lamp = 1
```

$$E = Pt$$

**A lamp has come a long way.**
"""


def described(body: str) -> list[tuple[str, str, str]]:
    return [(u.kind.value, u.section, u.quote(body)) for u in find_units(body)]


def test_every_block_becomes_its_own_kind_of_unit() -> None:
    assert described(BODY) == [
        ("sentence", "", "**Lamp** is a light."),
        ("sentence", "", "It glows."),
        ("sentence", "How it works", "Three parts matter:"),
        ("list_item", "How it works", "**Bulb**: gives light. Gets hot."),
        ("list_item", "How it works", "**Switch**: turns it on"),
        ("list_item", "How it works", "nested one"),
        ("table_row", "Numbers", "| **A** | 11 |"),
        ("table_row", "Numbers", "| B | 38 |"),
        ("step", "Numbers › Care", "Unplug it."),
        ("step", "Numbers › Care", "Wipe it."),
        ("code_block", "Numbers › Care", "```python\nlamp = 1\n```"),
        ("formula", "Numbers › Care", "$$E = Pt$$"),
        ("sentence", "Numbers › Care", "**A lamp has come a long way.**"),
    ]


def test_a_list_item_knows_its_lead_in_and_a_row_its_header() -> None:
    contexts = {u.quote(BODY): u.context and BODY[slice(*u.context)] for u in find_units(BODY)}
    assert contexts["**Switch**: turns it on"] == "Three parts matter:"
    assert contexts["| B | 38 |"] == "| Lamp | Watts |"
    assert contexts["Unplug it."] is None


def test_cells_are_read_with_their_column_names() -> None:
    row = next(u for u in find_units(BODY) if u.quote(BODY) == "| B | 38 |")
    assert unit_words(BODY, row) == "Lamp B, Watts 38"


def test_a_long_item_of_several_sentences_is_several_units() -> None:
    sentence = "word " * 60 + "end."
    body = f"- First {sentence} Second {sentence}\n- short. Item."
    assert len(sentence) * 2 > LONG_ITEM_CHARS
    kinds = [u.kind for u in find_units(body)]
    assert kinds == [UnitKind.LIST_ITEM, UnitKind.SENTENCE, UnitKind.LIST_ITEM]


def test_unbalanced_marks_lose_nothing() -> None:
    for body in ("**open is a lamp.", "a $x is y.", "```\nnever closed", "| a | b |\n|---|\n| c |"):
        units = find_units(body)
        assert units
        assert units[0].quote(body)


def test_an_empty_body_has_no_units() -> None:
    assert find_units("") == ()
    assert find_units(" \n\n ") == ()


@given(st.lists(st.sampled_from([*BODY.split("\n"), "> quote", "    code", "***", "<b>x</b>"])))
def test_units_are_ordered_disjoint_and_trimmed_for_any_markdown(lines: list[str]) -> None:
    body = "\n".join(lines)
    end = 0
    for unit in find_units(body):
        assert end <= unit.start < unit.end <= len(body)
        assert unit.quote(body) == unit.quote(body).strip()
        end = unit.end
