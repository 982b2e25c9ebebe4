"""Damaged LaTeX is found by what the eaten escape left, and nothing else is touched."""

from __future__ import annotations

import pytest

from corpus.restoration.latex import find_damage


def repaired(formula: str) -> str:
    for damage in reversed(find_damage(formula)):
        before, after = formula[: damage.start], formula[damage.start + len(damage.damaged) :]
        if damage.absorbs_gap:
            before = before.rstrip()
        formula = before + damage.restored + after
    return formula


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("g_ heta(x)", r"g_\theta(x)"),
        ("3 imes 4", r"3 \times 4"),
        ("p_{ ext{max}}", r"p_{\text{max}}"),
        ("- abla J", r"- \nabla J"),
        ("e^{-t/ au}", r"e^{-t/\tau}"),
        ("a ightarrow b", r"a \rightarrow b"),
        (" ightarrow", r"\rightarrow"),
        (" rac{a}{b}", r"\frac{a}{b}"),
        ("N o infty", r"N \to \infty"),
        ("f: X o Y", r"f: X \to Y"),
        ("int_0^1 x dx", r"\int_0^1 x dx"),
        ("sum_{i} x_i", r"\sum_{i} x_i"),
        ("a eq b", r"a \neq b"),
        ("x_ eta", r"x_\beta"),
        ("\x08eta + 1", r"\beta + 1"),
        ("\x07lpha + 1", r"\alpha + 1"),
        (" ec{v}", r"\vec{v}"),
        ("left( x ight)", r"\left( x \right)"),
        ("W^ op W", r"W^\top W"),
        ("f(t) , dt", r"f(t) \, dt"),
        ("{a, b}", r"\{a, b\}"),
        ("mathbb{E}[X]", r"\mathbb{E}[X]"),
        ("x in mathbb{R}", r"x \in \mathbb{R}"),
        ("alpha, sqrt{n}", r"\alpha, \sqrt{n}"),
        ("f(h, t; heta)", r"f(h, t; \theta)"),
    ],
)
def test_an_eaten_command_is_made_whole(damaged: str, whole: str) -> None:
    assert repaired(damaged) == whole


@pytest.mark.parametrize(
    "formula",
    [
        r"\theta \times \tau",
        "x eta",  # \eta or \beta: ambiguous
        "eta + 1",
        "o(n)",
        "x o y",
        r"\text{int sum alpha}",
        "E_{int}",
        "x_{text}",
        "{a} + {b, c}",
        "a, b",
        "n log n",
        "O(1)",
        "dh/dt = f(h)",
    ],
)
def test_what_is_whole_or_ambiguous_is_left_alone(formula: str) -> None:
    assert find_damage(formula) == ()
