import pytest

from rag.question.asked import (
    asks_date,
    asks_measured,
    asks_money,
    asks_particular,
    asks_person,
    asks_quantity,
    has_money,
    has_name,
    has_number,
    has_year,
    things_named,
)


@pytest.mark.parametrize(
    "question",
    ["How many lamps are there?", "what learning rate fits", "At what temperature does it melt?"],
)
def test_a_quantity_is_asked_for(question: str) -> None:
    assert asks_quantity(question)


@pytest.mark.parametrize("question", ["How does it work?", "What is a lamp made of?"])
def test_no_quantity_is_asked_for(question: str) -> None:
    assert not asks_quantity(question)


def test_watts_are_measured_and_lamps_are_counted() -> None:
    assert asks_measured("How many watts does the lamp draw?")
    assert not asks_measured("How many lamps are there?")


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Who invented the lamp?", True),
        ("which two scientists proposed it", True),
        ("Who can use it?", False),
        ("What is a lamp?", False),
    ],
)
def test_people_are_asked_for(question: str, asks: bool) -> None:
    assert asks_person(question) == asks


def test_dates_money_and_particulars_are_asked_for() -> None:
    assert asks_date("In which year was it built?")
    assert not asks_date("When should I use it?")
    assert asks_money("What is the licence fee?")
    assert asks_money("How much does a lamp cost?")
    assert asks_particular("Which version is the default?")


def test_texts_have_numbers_years_money_and_names() -> None:
    assert has_number(["none", "a 5 W lamp"])
    assert not has_number(["none"])
    assert has_year(["built in 1879"])
    assert not has_year(["1024 lamps"])
    assert has_money(["for $5"])
    assert not has_money(["5 lamps"])
    assert has_name(["It was built by Swan"])
    assert not has_name(["It was built. Lamps glow."])


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("How bright is the L15 of Swan?", ["L15", "Swan"]),
        ("What LED is best?", ["LED"]),
        ("What is a lamp?", []),
        ("WHAT IS AN LED?", []),
    ],
)
def test_particular_things_are_named(question: str, things: list[str]) -> None:
    assert things_named(question) == things
