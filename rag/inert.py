"""Make Markdown inert: nothing in it is loaded, followed or run by whatever shows it.

What a person reads stays: the words of a link, the alternative text of an image, code and formulas,
an address as code. Tags and the targets of links go; what is left of them is escaped, also where
it would only become markup together with the text before or after it. The quotes of citations
stay as their sources wrote them.
"""

from __future__ import annotations

import re

from rag.characters import visible

_FENCED = (
    r"(?P<fenced>^[ ]{0,3}(?P<fence>`{3,}(?![^\n]*`)|~{3,})(?P<info>[^\n]*)"
    r"(?P<lines>(?:\n[\s\S]*?)?)(?:\n[ ]{0,3}(?P=fence)[`~]*[ \t]*$|\Z))"
)
_CODE = r"(?P<code>(?P<ticks>`{1,3})(?!`)[^\n]*?[^`\n](?P=ticks)(?!`))"
_FORMULA = (
    r"(?P<formula>\$\$[^$]+\$\$|\$[^$\n]+\$"
    r"|\\\[(?:[^\\]|\\(?![\[\]]))+\\\]|\\\((?:[^\\\n]|\\(?![()]))+\\\))"
)
_ESCAPED = r"(?P<escaped>\\[!-/:-@\[-`{-~])"
_ELEMENTS = (
    "a abbr address area article aside audio b base big blockquote body br button canvas caption "
    "center cite code col colgroup dd del details dfn dialog div dl dt em embed fieldset figure "
    "font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins "
    "kbd label legend li link main map mark marquee meta nav object ol optgroup option p param "
    "picture pre q s samp script section select small source span strike strong style sub summary "
    "sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video"
)
_TAG = (
    r"(?P<tag><(?P<element>script|style|iframe|object|svg|math|template|noscript|textarea)\b"
    r"[\s\S]{0,2000}?</(?P=element)\s*>|<!--[\s\S]{0,2000}?-->"
    rf"|</?(?:{'|'.join(_ELEMENTS.split())})\b(?:[\s/][^<>]{{0,2000}})?>)"
)
_LINK = (
    r"!?\[(?P<shown>(?:[^\[\]\\]|\\.|\[[^\[\]]{0,200}\](?:\([^()]{0,2000}\))?){0,300})\]"
    r"(?P<target>\([^()]{0,4000}(?:\([^()]{0,2000}\)[^()]{0,2000}){0,20}\))"
)
_ADDRESS = (
    r"<?(?P<address>(?<![\w@/.-])"
    r"(?:(?:https?|ftp|file|data|javascript|vbscript|mailto|wss?|blob):|www\.(?=\w)"
    r"|(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}/(?=\w))"
    r"[^\s<>\"'`()\[\]|\\]*[^\s<>\"'`()\[\]|\\.,;:!?*_~]"
    r"|(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b)>?"
)
_LOOSE = r"(?P<opens><(?![\s\d=-]))|(?P<joint>\](?=[(:]))|(?P<tick>`+)|(?P<struck>~{2,})"
_TILDE = r"(?P<tilde>(?<=[^\s(\[~])~|(?<=[(\[])~(?!\w))"
_RUNNING = "|".join((_FORMULA, _ESCAPED, _CODE, _TAG, _LINK, _ADDRESS, _LOOSE, _TILDE))
_MARKUP = re.compile(_RUNNING, re.IGNORECASE | re.MULTILINE)
_BLOCK_MARKUP = re.compile(f"{_FENCED}|{_RUNNING}", re.IGNORECASE | re.MULTILINE)
_NO_FORMULA = re.compile(r"`|://|www\.|\w:\S*/|(?:javascript|data|mailto):|@|\n\s*\n", re.I)
_STEERING_COMMAND = re.compile(
    r"\\(?=(?:href|url|includegraphics|html\w*|class|cssId|style|unicode|require|input|include|"
    r"write|def|gdef|edef|xdef|let|futurelet|newcommand|renewcommand|providecommand|catcode)"
    r"(?![a-z]))",
    re.IGNORECASE,
)
_TICKS = re.compile(r"`+")
_LANGUAGE = re.compile(r"[\w+#.-]{0,20}")
_DELIMITERS = re.compile(r"[<>\[\]`]")
_ROUNDS = 5  # what is taken away may leave new markup behind: "]<b></b>(http://…)"


def inert(text: str, *, is_block: bool = False) -> str:
    """Return a text without tags, images and links, with addresses as code.

    Characters that nobody sees go too. The result can stand beside any other inert text. Fences of
    code stay only in a block, which stands on lines of its own.
    """
    text = visible(text)
    markup = _BLOCK_MARKUP if is_block else _MARKUP
    for _ in range(_ROUNDS):
        bare = markup.sub(_kept, text)
        if bare == text:
            return text
        text = bare
    return _DELIMITERS.sub(" ", text)


def _kept(match: re.Match[str]) -> str:
    """Return what stays of one piece of markup."""
    if match["escaped"] or match["code"]:
        return match[0]
    found = match.groupdict()
    if found.get("fenced") is not None:
        return _fenced(found["info"], found["lines"])
    if match["formula"]:
        return _formula(match[0])
    if match["target"] is not None:
        return match["shown"]
    if match["address"]:
        return f"`{match['address']}`"
    if match["tag"] or match["struck"]:
        return ""
    return "&lt;" if match["opens"] else re.sub(r".", r"\\\g<0>", match[0])


def _fenced(info: str, lines: str) -> str:
    """Return a block of code whose fence cannot be taken for anything else."""
    code = lines.strip("\n")
    if not code.strip():
        return ""
    longest = max((len(run) for run in _TICKS.findall(code)), default=0)
    fence = "`" * max(3, longest + 1)
    language = _LANGUAGE.match(info.strip())
    return f"{fence}{language[0] if language else ''}\n{code}\n{fence}"


def _formula(text: str) -> str:
    """Return a formula that is inert also where formulas are not known; TeX ignores the spaces."""
    if _NO_FORMULA.search(text):
        width = 1 if text[0] == "$" != text[1] else 2
        return _MARKUP.sub(_kept, text[width:-width])
    text = re.sub(r"<(?=\S)", "< ", _STEERING_COMMAND.sub("", text))
    return re.sub(r"\](?=[(:])", "] ", re.sub(r"~(?=~)", "~ ", text))
