"""Line breaks of flattened code: Python statements, C-like statements, text diagrams.

Every function returns gaps: the offset of a run of white space in the code -> what replaces it.
"""

from __future__ import annotations

import re

from corpus.restoration.spans import mask

_PYTHON_NAMES = frozenset({"python", "py", "python3", "pycon"})
_BRACE_NAMES = frozenset(
    "c cc cpp c++ cuda java javascript js typescript ts go rust rs csharp cs css glsl".split()
)
_PYTHON_SIGN = re.compile(r"\s*(?:from [\w.]+ import |import [\w.]+\s|def \w+\(|[\w.]+ = \w+\()")

_TOKEN = re.compile(
    r"\"\"\"|\"(?:[^\"\\]|\\.){0,500}\"|'(?:[^'\\]|\\.){0,500}'|#|[A-Za-z_][\w.]*|\d[\w.]*|\s+|."
)
_CONTINUING = frozenset(
    "import in not and or is if else for return as lambda yield raise assert del while global "
    "await async except with def class from elif nonlocal".split()
)
_INFIX = frozenset("in not and or is if else for as import".split())
_STATEMENTS = frozenset(
    "import from def class return while with try except finally raise assert pass break "
    "continue del global elif yield @".split()
)
_BLOCK_WORDS = frozenset("for if while with def class try except finally else elif async".split())
_TOP_LEVEL = ("def ", "class ", "import ", "from ", "@")
_METHOD = re.compile(r"def \w+\((?:self|cls)\b")
_LEAVING = frozenset("return raise break continue pass".split())
_CONTINUED_BLOCKS = ("else:", "elif ", "except", "finally:")
_ASSIGNMENT = re.compile(
    r"[A-Za-z_][\w.]*(?:\[[^\]\s]{0,40}\])?(?:, [A-Za-z_][\w.]*){0,6} [-+*/]?= \S"
)
_LOOP = re.compile(r"for [\w, ()]{1,60} in [^:\n]{1,80}:(?:\s|$)|if [^:=\[\]\n]{1,80}:(?:\s|$)")
_CALL_AFTER_COMMENT = re.compile(r"[A-Za-z_][\w]*(?:\.\w+)+\(|print\(|return ")


def code_gaps(code: str) -> dict[int, str]:
    """Find where the lines of fenced code broke; `code` lies between the fence marks."""
    if "\n" in code.strip():
        return {}
    language, begin = _language(code)
    if language in _PYTHON_NAMES or (not language and _PYTHON_SIGN.match(code)):
        return _shifted(_PythonLines(code[begin:]).gaps(), begin)
    if language in _BRACE_NAMES:
        return _shifted(_brace_gaps(code[begin:]), begin)
    return {} if language else _shifted(_diagram_gaps(code[begin:]), begin)


def language_end(code: str) -> int:
    """Return the length of the language tag that touches the opening fence mark."""
    return _language(code)[1]


def _language(code: str) -> tuple[str, int]:
    found = re.match(r"[A-Za-z][\w+#.-]{0,30}(?=\s)", code)
    return (found[0].lower(), found.end()) if found else ("", 0)


def _shifted(gaps: dict[int, str], by: int) -> dict[int, str]:
    return {position + by: gap for position, gap in gaps.items()}


class _PythonLines:
    """Breaks where two expressions meet without an operator, and before statement keywords."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.found: dict[int, str] = {}
        self.level = 0
        self.in_class = False
        self.depth = 0
        self.first = ""  # first token of the present line
        self.previous = ""
        self.comment = False
        self.comments_lead = code.lstrip().startswith("#")

    def gaps(self) -> dict[int, str]:
        space = -1
        for token in _TOKEN.finditer(self.code):
            if token[0].isspace():
                space = token.start()
                continue
            if space >= 0 and self.previous and self._breaks(token):
                self._break(space, token.start())
            self._take(token[0])
            space = -1
        return self.found

    def _breaks(self, token: re.Match[str]) -> bool:
        if self.comment:
            return self._ends_comment(token.start())
        if self.depth:
            return False
        if token[0] == "#":
            return self.comments_lead
        if self.previous == ":" and self.first in _BLOCK_WORDS:
            return True
        if token[0] in _STATEMENTS:
            return not (token[0] == "import" and self.first == "from")
        if token[0] == "else":
            return self.code.startswith(":", token.end())
        if token[0] in ("for", "if"):
            return bool(_LOOP.match(self.code, token.start()))
        return _ends_expression(self.previous) and _begins_expression(token[0])

    def _ends_comment(self, start: int) -> bool:
        statement = _ASSIGNMENT.match(self.code, start) or _LOOP.match(self.code, start)
        return bool(statement or _CALL_AFTER_COMMENT.match(self.code, start))

    def _break(self, space: int, start: int) -> None:
        self.level = self._next_level(start)
        self.found[space] = "\n" + "    " * self.level
        self.first, self.comment = "", False

    def _next_level(self, start: int) -> int:
        """Guess the indentation that flattening took away, from the words that begin lines."""
        if self.code.startswith(_TOP_LEVEL, start):
            return int(self.in_class and bool(_METHOD.match(self.code, start)))
        if self.previous == ":" and self.first in _BLOCK_WORDS:
            return self.level + 1
        leaves = self.first in _LEAVING or self.code.startswith(_CONTINUED_BLOCKS, start)
        return max(0, self.level - leaves)

    def _take(self, symbol: str) -> None:
        self.first = self.first or symbol
        self.previous = symbol
        self.in_class = self.in_class or symbol == "class"
        if symbol == "#":
            self.comment = True
        elif not self.comment:
            self.depth = max(0, self.depth + (symbol in "([{") - (symbol in ")]}"))


def _ends_expression(token: str) -> bool:
    return token not in _CONTINUING and (token[-1].isalnum() or token[-1] in "_)]}\"'")


def _begins_expression(token: str) -> bool:
    return token not in _INFIX and (token[0].isalpha() or token[0] in "_@")


def _brace_gaps(code: str) -> dict[int, str]:
    flat = re.sub(r"\([^()]{0,500}\)|\"[^\"]{0,500}\"", lambda found: "x" * len(found[0]), code)
    gaps: dict[int, str] = {}
    depth = 0
    for found in re.finditer(r"[{}]|(?:(?<=[;{}])\s+(?=\S)|\s+(?=\}))", flat):
        if found[0] in "{}":
            depth = depth + 1 if found[0] == "{" else max(0, depth - 1)
        else:
            closes = flat.startswith("}", found.end())
            gaps[found.start()] = "\n" + "    " * min(8, max(0, depth - closes))
    return gaps


_BULLET = re.compile(r"(?<=\S)\s+(?=- \S)")
_AFTER_DOWN_ARROWS = re.compile(r"(?<=[↓↑│])\s+(?=[^\s↓↑|│])")
_BEFORE_DOWN_ARROWS = re.compile(r"(?<=[^\s↓↑│])\s+(?=[↓↑│](?:\s|$))")
_LABEL = re.compile(
    r"(?<!\S)[A-Z][\w()/-]{0,30}(?:\s(?:[A-Z(][\w()/-]{0,30}|\d{1,3})){0,3}:(?=\s|$)"
)
_ITEM_LABEL = re.compile(r"- [^:\n]{1,80}:")
_CHAIN = re.compile(r"(?<=:)\s+(?=[A-Z][\w()]{0,20}\s+(?:→|->)\s)")
_SENTENCE = re.compile(r"(?<=[a-z)])\s+(?=(?:Each|The|This|These|All|Every|Then|It)\s)")


def _diagram_gaps(code: str) -> dict[int, str]:
    """Break a text diagram at bullets, rows of vertical arrows, labels and chains of arrows."""
    gaps: dict[int, str] = {}
    for pattern in (_BULLET, _BEFORE_DOWN_ARROWS, _AFTER_DOWN_ARROWS, _CHAIN, _SENTENCE):
        gaps |= {found.start(): "\n" for found in pattern.finditer(code)}
    return gaps | _label_gaps(code)


def _label_gaps(code: str) -> dict[int, str]:
    """Break before the longest run of capitalised words that ends in a colon."""
    items = mask(code, [found.span() for found in _ITEM_LABEL.finditer(code)])
    starts = [found.start() for found in _LABEL.finditer(items)]
    return {len(code[:start].rstrip()): "\n" for start in starts}
