"""Words of a sentence put in the place of others, so that it says something else."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from eval.adversarial_changes import Change, Said
from eval.adversarial_insertions import NUMBER

_CONNECTIVES = {
    "after": ("before", "unless", "without"),
    "before": ("after", "instead of"),
    "once": ("before", "until", "unless"),
    "when": ("unless", "before", "although"),
    "if": ("unless", "although", "even if"),
    "because": ("although", "unless", "before", "until"),
    "since": ("although", "until"),
    "so": ("because", "although", "unless"),
    "while": ("because", "unless", "before"),
    "until": ("after", "unless", "because"),
    "during": ("before", "after", "without"),
    "instead of": ("because of", "together with", "in addition to"),
    "rather than": ("as well as", "because of"),
    "unlike": ("like", "just as with"),
    "with": ("without", "despite", "before"),
    "by": ("despite", "without"),
    "through": ("around", "without", "outside"),
    "between": ("outside", "beyond", "below"),
    "within": ("outside", "beyond"),
    "than": ("as",),
    "but": ("because", "so"),
    "or": ("and not",),
}
_QUANTIFIERS = {
    "every": ("some", "hardly any", "one"),
    "all": ("some", "half of all", "few"),
    "each": ("no", "every second", "only one"),
    "most": ("few", "all"),
    "many": ("few", "all", "no"),
    "several": ("two", "all", "a few hundred"),
    "both": ("neither", "all three"),
    "some": ("all", "most"),
    "a few": ("many", "no"),
    "another": ("no", "every"),
    "often": ("rarely", "sometimes", "always"),
    "usually": ("rarely", "sometimes", "always"),
    "typically": ("rarely", "sometimes", "invariably"),
    "always": ("sometimes", "usually"),
    "whole": ("half",),
    "first": ("second", "last", "only"),
    "second": ("third", "first"),
    "single": ("double", "second"),
    "one": ("no", "every", "two"),
    "two": ("three", "half"),
    "mainly": ("solely", "partly"),
    "much": ("hardly", "slightly"),
    "nearly": ("exactly", "more than"),
}
_MODALS = {
    "can": ("must", "should", "used to", "need not"),
    "cannot": ("should not", "need not"),
    "must": ("can", "may", "might"),
    "may": ("must", "will"),
    "might": ("must", "will"),
    "should": ("need not", "must", "could"),
    "could": ("must", "will"),
    "will": ("may", "would"),
    "does": ("may", "would"),
}
_TIMES = {
    "is": ("was once", "will be", "used to be", "was", "would be"),
    "are": ("were once", "will be", "used to be", "were", "would be"),
    "has": ("once had", "will have", "would have"),
    "have": ("once had", "will have", "would have"),
}
_RELATED = {
    "source": ("drain",),
    "drain": ("source",),
    "gate": ("channel",),
    "channel": ("gate", "substrate"),
    "copper": ("gold", "glass", "aluminium"),
    "silicon": ("germanium", "plastic"),
    "water": ("oil", "vacuum"),
    "light": ("sound", "heat"),
    "memory": ("compute", "battery"),
    "compute": ("storage",),
    "logic": ("memory",),
    "energy": ("money", "memory"),
    "accuracy": ("latency", "loyalty"),
    "latency": ("accuracy",),
    "bandwidth": ("capacity", "latency"),
    "capacity": ("bandwidth",),
    "weights": ("gradients", "labels"),
    "parameters": ("pixels", "users"),
    "layer": ("token", "batch"),
    "layers": ("tokens", "batches"),
    "training": ("inference", "deployment"),
    "inference": ("training",),
    "model": ("customer", "compiler"),
    "models": ("customers", "compilers"),
    "data": ("money", "hardware"),
    "student": ("parent",),
    "teacher": ("student", "pupil"),
    "encoder": ("decoder", "tokenizer"),
    "decoder": ("encoder",),
    "query": ("answer",),
    "documents": ("images",),
    "wafer": ("mask", "package"),
    "mask": ("wafer", "lens"),
    "die": ("wafer", "board"),
    "dies": ("wafers", "boards"),
    "language": ("image", "speech"),
    "images": ("texts", "sounds"),
    "translation": ("summarization",),
    "sentence": ("paragraph",),
    "words": ("images",),
    "network": ("database",),
    "cloud": ("desktop",),
    "cost": ("colour",),
    "quality": ("price",),
    "reliability": ("popularity",),
    "deployment": ("advertising",),
    "hardware": ("software",),
    "software": ("hardware",),
    "neurons": ("sensors",),
    "input": ("output",),
    "output": ("input",),
    "error": ("reward",),
    "voltage": ("current",),
    "current": ("voltage",),
    "temperature": ("pressure",),
    "vertical": ("diagonal", "round"),
    "thin": ("curved", "soft"),
    "new": ("used",),
    "simple": ("legal",),
    "small": ("square", "rented"),
}
_CAUSE = re.compile(r"^([^,;:()]{12,}?),? (because|so that|so|since) ([^;:()]{12,})$")


def _replaced(pairs: Mapping[str, Sequence[str]]) -> Change:
    def change(one: Said, _: Sequence[Said], chooser: random.Random) -> str | None:
        there = [word for word in pairs if re.search(rf"(?<![\w-]){word}(?![\w-])", one.text)]
        if not there:
            return None
        word = chooser.choice(there)
        return re.sub(rf"(?<![\w-]){word}(?![\w-])", chooser.choice(pairs[word]), one.text, count=1)

    return change


def _cause_reversed(one: Said, _: Sequence[Said], chooser: random.Random) -> str | None:
    found = _CAUSE.match(one.text)
    if not found:
        return None
    effect, link, cause = found[1], found[2], found[3]
    if chooser.random() < 0.5:
        return f"{_raised(cause)} {link} {_lowered(effect)}"
    other = {"because": "so", "since": "so"}.get(link, "because")
    return f"{effect} {other} {cause}"


def _numbers_swapped(one: Said, _: Sequence[Said], __: random.Random) -> str | None:
    found = list(NUMBER.finditer(one.text))
    if len(found) < 2 or found[0][0] == found[1][0]:
        return None
    first, second = found[0], found[1]
    middle = one.text[first.end() : second.start()]
    if re.fullmatch(r"\W*(?:and|or|to|by|x|×)?\W*", middle):
        return None
    return f"{one.text[: first.start()]}{second[0]}{middle}{first[0]}{one.text[second.end() :]}"


def _sides_swapped(one: Said, _: Sequence[Said], __: random.Random) -> str | None:
    """Trade what stands before and behind a verb between two plain groups of words."""
    found = re.fullmatch(
        r"((?:An?|The|Every|Each)? ?[\w-]+(?: [\w-]+)?) "
        r"(converts|trains|contains|uses|replaces|relates|connects|wraps|improves|reduces|measures|"
        r"combines|stores|controls|supports|produces|solves|provides|transfers|drives) "
        r"((?:an?|the|all|every)? ?[\w-]+(?: [\w-]+)?)((?: (?:of|in|on|to|with|from|by|for)\b.*)?)",
        one.text,
    )
    if not found or found[1].lower() == found[3].lower() or found[3] == "well":
        return None
    return f"{_raised(found[3])} {found[2]} {_lowered(found[1])}{found[4]}"


def _other_kind_of_and(one: Said, _: Sequence[Said], chooser: random.Random) -> str | None:
    """Make alternatives of what belongs together, or one depend on the other."""
    found = re.search(r"(?<=[a-z]{3}) and (?=[a-z]{3})", one.text)
    instead = chooser.choice((" or else ", " instead of ", " without "))
    return one.text[: found.start()] + instead + one.text[found.end() :] if found else None


def _formula_in_words(one: Said, _: Sequence[Said], chooser: random.Random) -> str | None:
    """Write a formula of the entry in plain signs, one of them another."""
    found = re.search(r"\$([A-Za-z]\w* = [^$\n]{3,40})\$", one.entry.body)
    if not found:
        return None
    plain = re.sub(r"\\(?:cdot|times)\s?", "* ", found[1]).replace("\\,", " ")
    plain = re.sub(r"\\frac\{(.+?)\}\{(.+?)\}", r"\1 / \2", plain)
    plain = re.sub(r"[\\{}]", "", plain)
    signs = [match.start() for match in re.finditer(r"(?<= )[*/+-](?= )", plain)]
    if not signs:
        return None
    at = chooser.choice(signs)
    other = chooser.choice([sign for sign in "*/+-" if sign != plain[at]])
    return plain[:at] + other + plain[at + 1 :]


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


REPLACED: dict[str, Change] = {
    "connective changed": _replaced(_CONNECTIVES),
    "quantifier changed": _replaced(_QUANTIFIERS),
    "modal changed": _replaced(_MODALS),
    "time changed": _replaced(_TIMES),
    "related word": _replaced(_RELATED),
    "cause reversed": _cause_reversed,
    "numbers swapped": _numbers_swapped,
    "sides swapped": _sides_swapped,
    "and changed": _other_kind_of_and,
    "formula in words": _formula_in_words,
}
