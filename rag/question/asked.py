"""What a question asks for, as far as its words show it, and whether a text has such a thing.

Answers of these types show in their form: a number, a year, a name. A text that has none does not
answer, however alike it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_HOW = (
    "many|much|big|large|fast|long|small|high|low|far|tall|wide|thick|deep|expensive|old|accurate|"
    "quick|quickly|often|heavy|slow"
)
_AMOUNT = (
    "percentage|percent|fraction|share|proportion|number|rate|speed|size|price|cost|fee|accuracy|"
    "frequency|latency|value|range|score|temperature|dimension|coefficient|factor|throughput|"
    "bandwidth|resolution|capacity|voltage|budget|bit\\s?rate|node|f1|bleu|count|length|depth"
)
_QUANTITY = re.compile(
    rf"(?i)\b(?:how (?:{_HOW})|(?:what|which|at what|at which) (?:[\w-]+ ){{0,2}}(?:{_AMOUNT}))\b"
)
_PERSON = re.compile(
    r"(?i)\b(?:who(?! (?:can|should|would|might))|whom|whose|authors?|inventors?|founders?|"
    r"(?:which|what) (?:[\w-]+ )?(?:compan(?:y|ies)|teams?|makes?|startups?|labs?|"
    r"laborator(?:y|ies)|scientists?|researchers?|firms?|vendors?|universit(?:y|ies)|"
    r"people|persons?|makers?|brands?|manufacturers?|organi[sz]ations?|institutes?|countr(?:y|ies)))\b"
)
_DATE = re.compile(
    r"(?i)\b(?:when (?:was|were|did|is|has|will)|(?:what|which) (?:year|date|month|decade)|"
    r"how old|since when)\b"
)
_MONEY = re.compile(
    r"(?i)\b(?:prices?|priced|fees?|salary|salaries|dollars?|licen[cs]e|subscription|revenue|"
    r"how (?:much )?(?:does|do|is|are) .{1,60}\bcost|how expensive)\b"
)
# Facts of a product or an experiment, which a definition seldom gives.
_PARTICULAR = re.compile(
    r"(?i)\b(?:versions?|released?|defaults?|exact|exactly|licen[cs]e|fees?|prices?|yearly|monthly|"
    r"per (?:hour|month|year|second|day)|download|install|command|file format)\b"
)
# Quantities that come with a unit, and scores.
_MEASURED = re.compile(
    r"(?i)\b(?:power|watts?|tdp|draw|consum(?:e|es|ption)|energy|joules?|battery|"
    r"memory|ram|sram|dram|storage|bytes?|cache|disk|frequency|clock|time|how long|how fast|"
    r"how quick(?:ly)?|latency|hours?|minutes?|seconds?|days?|weeks?|months?|"
    r"how (?:tall|wide|thick|deep|far|high)|nanomet(?:er|re)s?|distance|radius|wavelength|"
    r"height|thickness|width|pitch|size|node|prices?|costs?|fees?|expensive|dollars?|"
    r"bit\s?rate|bandwidth|throughput|percent(?:age)?|fraction|share|proportion|"
    r"accura(?:cy|te)|scores?|f1|bleu|error rate|"
    r"temperature|degrees?|voltage)\b"
)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_DIGIT = re.compile(r"\d")
_MONEY_SAID = re.compile(r"[$€£¥]\s?\d|(?i:\b(?:usd|euros?|dollars?|costs?|prices?|free)\b)")
# A capital inside a sentence, in a table cell or in brackets.
_NAME_SAID = re.compile(r"(?:(?<=[a-z,;(] )|(?<=\()|(?<=\| )|(?<=\|))[A-Z][\w.-]*")
# A word with a digit, an abbreviation, or a capital inside the sentence.
_THING = re.compile(r"\b(?:[A-Za-z]*\d[\w.-]*\w|\d|[A-Z]{2,}\w*|(?<=[\w,'’)] )[A-Z][\w-]+)\b")


def asks_quantity(question: str) -> bool:
    """Tell whether a question asks how many, how much, or for a rate, a size and the like."""
    return _QUANTITY.search(question) is not None


def asks_measured(question: str) -> bool:
    """Tell whether a question asks for a quantity that has a unit, such as watts, or a score."""
    return asks_quantity(question) and _MEASURED.search(question) is not None


def asks_person(question: str) -> bool:
    """Tell whether a question asks for people or an organisation."""
    return _PERSON.search(question) is not None


def asks_date(question: str) -> bool:
    """Tell whether a question asks for a point in time."""
    return _DATE.search(question) is not None


def asks_money(question: str) -> bool:
    """Tell whether a question asks for a price or a fee."""
    return _MONEY.search(question) is not None


def asks_particular(question: str) -> bool:
    """Tell whether a question asks for a fact of one product, version or experiment."""
    return _PARTICULAR.search(question) is not None


def has_number(texts: Iterable[str]) -> bool:
    """Tell whether one of the texts has a digit."""
    return any(map(_DIGIT.search, texts))


def has_year(texts: Iterable[str]) -> bool:
    """Tell whether one of the texts has a year."""
    return any(map(_YEAR.search, texts))


def has_money(texts: Iterable[str]) -> bool:
    """Tell whether one of the texts speaks of money."""
    return any(map(_MONEY_SAID.search, texts))


def has_name(texts: Iterable[str]) -> bool:
    """Tell whether one of the texts has a capital where a sentence needs none."""
    return any(map(_NAME_SAID.search, texts))


def things_named(question: str) -> list[str]:
    """Return the words of a question that name one particular thing: "A15", "BLEU", "Blender".

    A question written in capitals throughout tells nothing by them.
    """
    return [] if question.isupper() else _THING.findall(question)
