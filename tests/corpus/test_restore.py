"""Flat Markdown becomes the Markdown a person would have written, and no character changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.restoration.restore import Repair, restore, undo


def body(flat: str) -> str:
    return restore(flat).body


def bare(text: str) -> str:
    return "".join(text.split())


def parse(markdown: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(markdown)


def structure(markdown: str) -> list[tuple[str, str]]:
    """Return block tokens with their text, white space collapsed."""
    kept = []
    for token in parse(markdown):
        text = token.content if token.type in ("inline", "fence") else ""
        kept.append((token.type, bare(text)))
    return kept


# --- one construct at a time ------------------------------------------------------------------


def test_bold_titles_become_paragraphs_and_dashes_after_them_lists() -> None:
    flat = "**Sieve** is a tool. **What Is It?** - **Use**: it sifts. - **Cost**: none. **End**"
    assert body(flat).split("\n\n") == [
        "**Sieve** is a tool.",
        "**What Is It?**",
        "- **Use**: it sifts.\n- **Cost**: none.",
        "**End**",
    ]


def test_items_without_a_full_stop_are_items() -> None:
    flat = "**Facts** - Small: 5-9% of flour is lost - BRAN: all of it stays - Big pieces too"
    assert body(flat) == (
        "**Facts**\n\n- Small: 5-9% of flour is lost\n- BRAN: all of it stays\n- Big pieces too"
    )


def test_bold_items_without_colon_or_full_stop_are_items() -> None:
    flat = "— **Kinds** — Sieves come in kinds: - **Fine sieves** keep bran - **Drums** turn"
    assert body(flat) == (
        "— **Kinds** —\n\nSieves come in kinds:\n\n- **Fine sieves** keep bran\n- **Drums** turn"
    )


@pytest.mark.parametrize(
    "flat",
    [
        "**Sieve** is **a tool with holes** - It sifts flour.",
        "**Sieve** is **a tool with holes** - they come in sizes.",
        "The mill - Built in 1790 - still runs.",
        "So |x| = 1 and |y| - 1 = 0 hold | always | here.",
        "Foundation: it builds on mills. Architecture: a drum - and a crank. Use: flour.",
        "Sift with step size 1. Sieves generalise this to size 2. That is all.",
        "It costs $5K-9K per year; worth $1M-10M in value.",
        "Use **fine sieves** For bran.",
    ],
)
def test_prose_stays_one_paragraph(flat: str) -> None:
    assert body(flat) == flat


def test_a_minus_inside_an_item_is_no_item() -> None:
    flat = "**Facts** - **Loss**: ||w| - 1|² - **Gain**: scores (e.g., 1 - P(y)). - **Sum**: a - b."
    assert body(flat).split("\n")[2:] == [
        "- **Loss**: ||w| - 1|²",
        "- **Gain**: scores (e.g., 1 - P(y)).",
        "- **Sum**: a - b.",
    ]


def test_an_item_that_only_leads_in_has_nested_items() -> None:
    flat = (
        "**Facts** - **Use**: it sifts. - **Parts**: - **Drum**: turns. - **Net**: holds. **End**"
    )
    assert body(flat) == (
        "**Facts**\n\n- **Use**: it sifts.\n- **Parts**:\n  - **Drum**: turns.\n  - **Net**: holds."
        "\n\n**End**"
    )


def test_labelled_items_under_every_bold_item_are_nested() -> None:
    flat = "**Two** - **A**: one. - Example: x. - Use: y. - **B**: two. - Example: z."
    assert body(flat).split("\n")[2:] == [
        "- **A**: one.",
        "  - Example: x.",
        "  - Use: y.",
        "- **B**: two.",
        "  - Example: z.",
    ]


def test_numbered_items_nest_in_a_bullet_and_the_bullets_go_on() -> None:
    flat = "**How** - **Mill**: it works. 1. Pour grain. 2. Turn the drum. - **Sift**: last."
    assert body(flat).split("\n")[2:] == [
        "- **Mill**: it works.",
        "  1. Pour grain.",
        "  2. Turn the drum.",
        "- **Sift**: last.",
    ]


def test_numbered_items_without_full_stop_and_the_sentence_after_them() -> None:
    flat = "**Steps** 1. Pour grain 2. Turn the drum (slowly) 3. Sift This gives flour."
    assert body(flat) == (
        "**Steps**\n\n1. Pour grain\n2. Turn the drum (slowly)\n3. Sift\n\nThis gives flour."
    )


def test_prose_after_one_sentence_steps_is_a_paragraph() -> None:
    flat = "Do this: 1. Pour. 2. Turn. 3. Wait. 4. Sift (twice). Flour comes out. Bran stays in."
    assert body(flat).split("\n")[5:] == [
        "4. Sift (twice).",
        "",
        "Flour comes out. Bran stays in.",
    ]


def test_labels_begin_paragraphs_and_lead_lists() -> None:
    flat = "**Grain**: it is poured. **Parts**: - Drum. - Net. **Rest**: nothing else."
    assert body(flat) == (
        "**Grain**: it is poured.\n\n**Parts**:\n\n- Drum.\n- Net.\n\n**Rest**: nothing else."
    )


def test_a_bold_label_inside_an_item_stays_in_it() -> None:
    flat = "**Model** - **Input**: grain -> **Output**: flour. - Fix: **Finer net** (later): sift."
    assert body(flat).split("\n")[2:] == [
        "- **Input**: grain -> **Output**: flour.",
        "- Fix: **Finer net** (later): sift.",
    ]


@pytest.mark.parametrize(
    "closing",
    [
        "**Grain Sieve** is **a classic** - It sifts.",
        "**Sieve** reveals that bran is everywhere.",
        "Grain sieves are **a classic** — still in use.",
        "Grain sieve is **a classic for millers** - It sifts.",
        "**Sieves have come a long way from the first mills to the factories of our days.**",
    ],
)
@pytest.mark.parametrize("stop", [".", ""])
def test_the_closing_paragraph_leaves_the_last_item(closing: str, stop: str) -> None:
    flat = (
        f"**Grain Sieve** is a tool. **Facts** - **Use**: it sifts - **Cost**: none{stop} {closing}"
    )
    assert body(flat).endswith(f"- **Cost**: none{stop}\n\n{closing}")


def test_tables_get_their_rows_and_end_where_text_goes_on() -> None:
    flat = "**T** | A | `b|c` | |---|:--:| | $|x|$ y | | | 1 | 2 | Sieves are **fine**."
    assert body(flat).split("\n") == [
        "**T**",
        "",
        "| A | `b|c` |",
        "|---|:--:|",
        r"| $\|x\|$ y | |",
        "| 1 | 2 |",
        "",
        "Sieves are **fine**.",
    ]


def test_two_tables_in_a_row_stay_two() -> None:
    flat = "| A | |--| | 1 | **B** | C | |--| | 2 | | D | |--| | 3 |"
    assert body(flat).count("\n\n") == 3 - 0
    assert [t.type for t in parse(body(flat))].count("table_open") == 3


def test_a_table_cut_off_in_a_row_keeps_its_rows() -> None:
    flat = "**T** | A | B | |---|---| | 1 | 2 | | 3"
    assert body(flat).startswith("**T**\n\n| A | B |\n|---|---|\n| 1 | 2 |")


def test_python_gets_its_lines_back() -> None:
    flat = (
        "**Code** ```python # Sift all for grain in mill: flour = sift(grain, size=1) "
        "bran = [g for g in grain if g] # Keep total = flour + bran ``` - **Use**: it sifts."
    )
    assert body(flat).split("\n")[2:] == [
        "```python",
        "# Sift all",
        "for grain in mill:",
        "    flour = sift(grain, size=1)",
        "    bran = [g for g in grain if g]",
        "    # Keep",
        "    total = flour + bran",
        "```",
        "",
        "- **Use**: it sifts.",
    ]


def test_trailing_comments_stay_behind_their_statement() -> None:
    flat = "``` from mill import sift m = sift('a b') m.run() # go x = m(1) # Once ```"
    assert body(flat).split("\n") == [
        "```",
        "from mill import sift",
        "m = sift('a b')",
        "m.run() # go",
        "x = m(1) # Once",
        "```",
    ]


def test_nested_python_blocks_are_indented() -> None:
    flat = (
        "```python class Mill: def __init__(self): self.n = 1 def sift(self, x): if x > 0: "
        "return x else: return 2 ```"
    )
    assert body(flat).split("\n")[1:-1] == [
        "class Mill:",
        "    def __init__(self):",
        "        self.n = 1",
        "    def sift(self, x):",
        "        if x > 0:",
        "            return x",
        "        else:",
        "            return 2",
    ]


def test_code_with_braces_is_indented_by_its_braces() -> None:
    flat = "```c int f(int a) { if (a; b) { a += 1; } return a; } ```"
    assert body(flat).split("\n")[1:-1] == [
        "int f(int a) {",
        "    if (a; b) {",
        "        a += 1;",
        "    }",
        "    return a;",
        "}",
    ]


def test_a_label_before_labels_leads_them() -> None:
    assert body("**Parts**: **Drum**: turns. **Net**: holds.").split("\n\n") == [
        "**Parts**:",
        "**Drum**: turns.",
        "**Net**: holds.",
    ]


def test_text_diagrams_break_at_labels_arrows_and_bullets() -> None:
    flat = "**D** ``` Mill: Grain → Drum(1) ↓ ↓ Net → Flour - Drum: turns. Step 1: Pour it in ```"
    assert body(flat).split("\n")[2:] == [
        "```",
        "Mill:",
        "Grain → Drum(1)",
        "↓ ↓",
        "Net → Flour",
        "- Drum: turns.",
        "Step 1: Pour it in",
        "```",
    ]


def test_an_unclosed_fence_keeps_everything() -> None:
    assert bare(body("**C** ```python a = 1 b = 2")) == bare("**C** ```python a = 1 b = 2")


def test_display_formulas_are_paragraphs() -> None:
    assert body("So it is: $$x = rac{a}{b}$$ It holds.") == (
        "So it is:\n\n$$x = \\frac{a}{b}$$\n\nIt holds."
    )


def test_repairs_are_declared_with_their_offsets() -> None:
    restored = restore("Take $g_ heta(x)$ and $2 imes 3$. The word heta imes stays.")
    assert restored.body == r"Take $g_\theta(x)$ and $2 \times 3$. The word heta imes stays."
    assert restored.repairs == (
        Repair(8, "heta", r"\theta"),
        Repair(26, "imes", r"\times"),
    )
    assert undo(restored) == "Take $g_heta(x)$ and $2 imes 3$. The word heta imes stays."


def test_hash_headings_before_a_structure_get_their_line() -> None:
    assert body("# Sieve ## Use - Sift. - Mill.") == "# Sieve\n\n## Use\n\n- Sift.\n- Mill."


def test_a_body_with_lines_keeps_them() -> None:
    lines = "**A** is:\n\n- one - Two\n- **b**: c - **d**: e\n\n| x | |---|"
    assert body(lines) == lines


def test_flat_lines_of_a_body_with_lines_are_restored() -> None:
    lines = "**A** is $ heta$.\n\n**Facts** - **Use**: it sifts. - **Cost**: $ au$.\n\n- x\n- y"
    restored = restore(lines)
    assert restored.body == (
        "**A** is $\\theta$.\n\n**Facts**\n\n- **Use**: it sifts.\n- **Cost**: $\\tau$.\n\n- x\n- y"
    )
    assert [r.restored for r in restored.repairs] == ["\\theta", "\\tau"]
    assert bare(undo(restored)) == bare(lines)


def test_a_wrapped_flat_body_is_restored_like_a_flat_one() -> None:
    assert body("**Facts** - **Use**: it\nsifts. - **Cost**: none.") == (
        "**Facts**\n\n- **Use**: it\nsifts.\n- **Cost**: none."
    )


# --- properties -------------------------------------------------------------------------------

MARKUP = [
    *"-*|$`#\\()[]{}:.,—→ \n\t\r\x0b\x0c\x1c\x85\xa0\u2028\x00",
    *("**", "``", "```", "$$", " - ", " 1. ", " 2. ", "| a |", "|---|", "|--|--|", " ## ", "---"),
    *("**A**", "**B**:", " heta", " imes", " ext{", "{a, b}", "$x$", "```python ", " # ", " = f("),
    *("This ", "a", "Bc ", "It is ", "is **", "9", "for x in y:", "↓ ", "\\(", "\\]", "é", "中"),
]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(MARKUP), max_size=60).map("".join) | st.text(max_size=200))
@example("")
@example("$ heta$ | a | |---| | $|b|$ |")
def test_only_white_space_and_declared_repairs_change(flat: str) -> None:
    restored = restore(flat)
    assert bare(undo(restored)) == bare(flat)
    for repair in restored.repairs:
        end = repair.offset + len(repair.restored)
        assert restored.body[repair.offset : end] == repair.restored


WORDS = "grain drum sifts slowly mill flour bran turns holds water wheel stone coarse keeps".split()
words = st.lists(st.sampled_from(WORDS), min_size=3, max_size=7)
phrase = words.map(lambda found: " ".join(found).capitalize())
sentence = phrase.map(lambda text: text + ".")
prose = st.lists(sentence, min_size=1, max_size=3).map(" ".join)
title = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(
    lambda found: " ".join(found).title()
)
label = st.sampled_from(WORDS).map(str.capitalize)
inline = st.sampled_from(["`a | b`", "$x_1 + y$", "`f(x) - g`", "*soft*"])
labelled_item = st.tuples(label, sentence).map(lambda found: f"- **{found[0]}**: {found[1]}")
plain_item = (phrase | st.tuples(phrase, inline).map(" ".join)).map(lambda text: f"- {text}")
stopped_item = sentence.map(lambda text: f"- {text}")
step = (phrase | sentence).map(str)


def items(item: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(item, min_size=2, max_size=4).map("\n".join)


nested = st.tuples(labelled_item, label, items(stopped_item), labelled_item).map(
    lambda found: f"{found[0]}\n- **{found[1]}**:\n" + re.sub(r"(?m)^", "  ", found[2])
)
steps = st.lists(phrase, min_size=2, max_size=4).map(
    lambda found: "\n".join(f"{number}. {text}" for number, text in enumerate(found, 1))
)
cell = phrase | st.tuples(phrase, st.sampled_from(["`f(x)`", "$x$"])).map(" ".join)
rows = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(cell, min_size=columns, max_size=columns), min_size=2, max_size=4
    )
)


def as_table(cells: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join([lines[0], "|" + "----|" * len(cells[0]), *lines[1:]])


table = st.tuples(rows.map(as_table), prose | st.just("")).map("\n\n".join)
fence = st.tuples(
    st.lists(
        st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)).map(
            lambda found: f"{found[0]} = {found[1]}(1, x=2)"
        ),
        min_size=1,
        max_size=4,
    ).map(lambda lines: "```python\n" + "\n".join(lines) + "\n```"),
    prose | st.just(""),
).map("\n\n".join)
labels = st.lists(
    st.tuples(label, prose).map(lambda found: f"**{found[0]}**: {found[1]}"),
    min_size=1,
    max_size=3,
).map("\n\n".join)
block = (
    items(labelled_item) | items(plain_item) | items(stopped_item) | nested | steps | table | fence
) | labels
section = st.tuples(title.map(lambda text: f"**{text}**"), prose | st.just(""), block).map(
    lambda parts: "\n\n".join(part for part in parts if part)
)
document = st.lists(section, min_size=1, max_size=5).map(
    lambda sections: "\n\n".join(
        ["**Quern** is **a hand mill** - It grinds.", *sections, "**Quern** is **old** — and good."]
    )
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document)
def test_flattened_documents_get_their_blocks_back(markdown: str) -> None:
    assert structure(body(" ".join(markdown.split()))) == structure(markdown)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document)
def test_restoring_a_restored_body_changes_nothing(markdown: str) -> None:
    once = body(" ".join(markdown.split()))
    assert body(once) == once


HOSTILE = [
    *(" - ", "** ", "**A** ", "| ", "| a | |---| | b | ", "|--", "$x ", "` `` ", "``` a ", "( "),
    *(" 1. A", " # A", ": - a", "This a ", "\\[ ", "$ heta$ ", "``` x = f(a) ", "*", "\n", "\xa0"),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_repetition_is_restored_whole(piece: str) -> None:
    flat = piece * (60_000 // len(piece))
    assert bare(undo(restore(flat))) == bare(flat)


# --- the real page ----------------------------------------------------------------------------


@pytest.mark.shared
class TestTheRealPage:
    @pytest.fixture
    def flats(self, glossary_page: Path) -> list[str]:
        return glossary_page.read_text("utf-8").split("\n")[11::4]

    def test_every_mark_of_the_flat_text_is_found_in_the_blocks(self, flats: list[str]) -> None:
        for flat in flats:
            kinds = [token.type for token in parse(body(flat))]
            delimiters = len(re.findall(r"\|(?:-{2,}\|)+", flat))
            assert kinds.count("table_open") == delimiters
            assert kinds.count("fence") == flat.count("```") // 2
            # Every row begins "| " and follows another row; the first one follows no pipe.
            outside = re.sub(r"\$[^$]*\$|`[^`]*`|```.*?```", "x", flat)
            table_rows = delimiters + len(re.findall(r"\| (?=\| ?[^-\s|])", outside))
            assert kinds.count("tr_open") == table_rows

    def test_every_labelled_bullet_is_an_item(self, flats: list[str]) -> None:
        for flat in flats:
            outside = re.sub(r"```.*?```", "x", flat)
            labelled = len(re.findall(r" - \*\*[^*]+\*\*", outside))
            tokens = parse(body(flat))
            inside = [
                tokens[index + 2].content
                for index, token in enumerate(tokens)
                if token.type == "list_item_open"
            ]
            found = sum(text.startswith("**") for text in inside)
            steps_found = len(re.findall(r" \d\. \*\*", outside))
            assert found == labelled + steps_found

    def test_no_structure_is_left_inside_a_paragraph(self, flats: list[str]) -> None:
        for flat in flats:
            texts = [token.content for token in parse(body(flat)) if token.type == "inline"]
            for text in texts:
                assert "| |" not in text
                assert " - **" not in text
                assert "```" not in text
                assert not re.search(r"[.:)] \d\. [A-Z*]", text)

    def test_formulas_keep_their_number_and_lose_their_damage(self, flats: list[str]) -> None:
        for flat in flats:
            without_amounts = re.sub(r"\$\d+[KM]", "", flat)
            restored = re.sub(r"\$\d+[KM]", "", body(flat))
            formulas = re.findall(r"\$[^$\n]+\$", restored)
            assert len(formulas) == len(re.findall(r"\$[^$\n]+\$", without_amounts))
            damage = r"(?<!t)heta|(?<!t)imes|(?<!r)ightarrow|(?<!n)abla|(?<!\\)in(?:t |fty)"
            assert not re.findall(damage, " ".join(formulas))
