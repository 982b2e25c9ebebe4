"""Blocks of a flat Markdown text: one walk over its marks decides where every block begins."""

from __future__ import annotations

import re

from corpus.restoration.closing import about_subject, find_closing, subjects
from corpus.restoration.lists import NUMBER_REACH, OpenList
from corpus.restoration.marks import Mark, MarkKind, Marks
from corpus.restoration.spans import MASK
from corpus.restoration.text import FlatText

_PROSE_START = re.compile(r"[A-Z0-9\"'“‘]|[^\W\d_a-z]")
_PRONOUN = re.compile(r"(?:It|They|This|These|That|Which|We|He|She)\b")
_CAPITAL_WORD = re.compile(r"[A-Z][\w'’&/+%-]*(?:[\s,:;.!?]|$|\()")
_LINK = re.compile(r"(?:is|are|represents?|provides?|remains?|reveals?|enables?)\s")
_VERB = re.compile(r"(?:are|[a-z]+(?:s|ed))\s")
_OPERATORS = "=+/<>,(|→≈×"
_LONGEST_TITLE = 150
_LONGEST_HASH_TITLE = 120
_SHORTEST_BOLD_SENTENCE = 60


def block_gaps(text: str, marks: Marks) -> dict[int, str]:
    """Return the offset of a block's first character -> the white space before it.

    The walk is done twice: the first one finds the last block, the second one knows where the
    closing paragraph inside it begins.
    """
    flat = FlatText(text, marks)
    first = _Walk(flat, None)
    first.walk()
    names = subjects(marks.masked)
    closing = find_closing(marks.masked, names, first.last_block) if first.structured else None
    if closing is None:
        return first.gaps
    second = _Walk(flat, closing)
    second.walk()
    return second.gaps


class _Walk:
    """The state of one walk: what the present block is, and which list is open."""

    def __init__(self, flat: FlatText, closing: int | None) -> None:
        self.flat = flat
        self.masked = flat.masked
        self.closing = closing
        self.names = subjects(flat.masked)
        self.gaps: dict[int, str] = {}
        self.list: OpenList | None = None
        self.fresh = flat.skip_space(0)  # a block begins here, whatever stands here
        self.last_block = self.fresh
        self.structured = False  # whether any block but paragraphs was seen
        self.closed = False  # whether the closing paragraph has begun
        self.unstopped = True  # whether items of the open list end without a full stop
        self.counted = self.depth = 0  # parentheses open at the offset `counted`

    def walk(self) -> None:
        """Visit every mark in order."""
        handlers = {
            MarkKind.BLOCK: self._block,
            MarkKind.BOLD: self._bold,
            MarkKind.BULLET: self._bullet,
            MarkKind.STEP: self._step,
            MarkKind.HASH: self._hash,
            MarkKind.RULE: self._rule,
            MarkKind.SENTENCE: self._sentence,
        }
        for mark in self.flat.marks.found:
            self._close_before(mark.start)
            handlers[mark.kind](mark)
        self._close_before(len(self.masked))
        self._close_list(len(self.masked))

    def _close_before(self, position: int) -> None:
        if self.closing is not None and position >= self.closing and not self.closed:
            self._paragraph(self.closing)
            self.closed = True

    def _block(self, mark: Mark) -> None:
        self._paragraph(mark.start)
        self._expect_block(mark.end)

    def _rule(self, mark: Mark) -> None:
        if self._begins(mark.start):
            self._block(mark)

    def _hash(self, mark: Mark) -> None:
        title = self.masked[mark.end : self.flat.next_block_mark(mark)].strip()
        if title and len(title) <= _LONGEST_HASH_TITLE and not re.search(r"[.!?]\s", title):
            self._paragraph(mark.start)
            self._expect_block(self.flat.skip_space(mark.end) + len(title))

    def _sentence(self, mark: Mark) -> None:
        if mark.start != self.fresh and self._open_parentheses(mark.start) == 0:
            self._paragraph(mark.start)

    def _bold(self, mark: Mark) -> None:
        if self.list and mark.start == self.flat.skip_space(self.list.items[-1].content):
            return
        content = self.flat.text[mark.start + 2 : mark.end - 2]
        if self._dash_title(mark) or content[0].islower():
            return
        position = self.flat.skip_space(mark.end)
        following = self.masked[position : position + 40]
        if self.masked[mark.end : mark.end + 1] == ":" or content[-1] == ":":
            self._label(mark)
        elif content[-1] in ".!" and len(content) > _SHORTEST_BOLD_SENTENCE:
            if self._begins(mark.start) or self.list is not None:
                self._paragraph(mark.start)
        elif self.flat.structure_at(position) or _PROSE_START.match(following):
            self._title(mark, content, self.flat.structure_at(position))
        else:
            self._subject(mark, content, following)

    def _label(self, mark: Mark) -> None:
        """Begin a block at `**Label**: text`, or a title at `**Label**:` before a list."""
        end = mark.end + (self.masked[mark.end : mark.end + 1] == ":")
        position = self.flat.skip_space(end)
        bold = self.masked.startswith("**", position)
        leads = self.flat.is_labelled(position) if bold else self.flat.structure_at(position)
        before = self.flat.before(mark.start)
        loose = self.list is not None and (before.isalnum() or before in '%)]"”*' + MASK)
        if self._begins(mark.start) or (loose and (leads or self.unstopped)):
            self._paragraph(mark.start)
            if leads:
                self._expect_block(end)

    def _title(self, mark: Mark, content: str, leads: bool) -> None:
        loose = self.list is not None and (leads or self.unstopped)
        if len(content) <= _LONGEST_TITLE and (self._begins(mark.start) or loose):
            self._paragraph(mark.start)
            self._expect_block(mark.end)

    def _subject(self, mark: Mark, content: str, following: str) -> None:
        """Begin the closing paragraph at `**Subject** is ...`."""
        if not self.structured or mark.start == self.fresh:
            return
        known = about_subject(content, self.names)
        if self._begins(mark.start):
            begins = known or (self.list is not None and bool(_LINK.match(following)))
        else:
            begins = known and self.list is not None and bool(_VERB.match(following))
        if begins:
            self._paragraph(mark.start)

    def _dash_title(self, mark: Mark) -> bool:
        """Make `— **Title** —` a block of its own."""
        after = self.flat.skip_space(mark.end)
        if self.flat.before(mark.start) != "—" or self.masked[after : after + 1] != "—":
            return False
        dash = self.masked.rindex("—", 0, mark.start)
        if not self._begins(dash) and self.list is None:
            return False
        self._paragraph(dash)
        self._expect_block(after + 1)
        return True

    def _bullet(self, mark: Mark) -> None:
        content = self.flat.skip_space(mark.end)
        if not self._is_bullet(mark.start, content):
            return
        after_colon = self.flat.before(mark.start) == ":"
        follows = self._number_follows(mark.end)
        if self.list is not None and self.list.ends_with_bullet(follows) and not after_colon:
            self._close_list(mark.start)
        bold = self.masked.startswith("**", content)
        before, last_block = self.flat.before(mark.start), self.last_block
        self._open_list(mark.start).bullet(mark.start, bold, after_colon, follows)
        self._begin(mark.start)
        if before == "*" and not bold:
            self.last_block = last_block  # perhaps the dash of `Subject is **so** - And more.`

    def _is_bullet(self, start: int, content: int) -> bool:
        """Tell a list marker from a dash or an operator."""
        if start == self.fresh:
            return True
        if self.flat.is_labelled(content):
            return self.list is not None or self.flat.sentence_ended(start, ":")
        if self.masked[start] != "-" or self.closed or self._open_parentheses(start) > 0:
            return False
        following = self.masked[content : content + 40]
        before = self.flat.before(start)
        if self.list is not None:
            return self._is_sibling(start, before, following)
        ended = self.flat.sentence_ended(start, ":")
        return ended and before != "*" and (before == ":" or not following[0].islower())

    def _is_sibling(self, start: int, before: str, following: str) -> bool:
        """Tell whether a dash inside a list begins its next item."""
        assert self.list is not None
        if _PRONOUN.match(following) and (before == "*" or not self.flat.sentence_ended(start)):
            return False
        if self.flat.sentence_ended(start, ":"):
            return True
        if following.startswith("**"):
            return self.list.levels[-1].bold and (before.isalnum() or before in ")%]" + MASK)
        if self.masked[self.flat.skip_space(self.list.items[-1].content)].islower():
            return following[:2].islower() and following[:2].isalpha() and before.isalpha()
        begins = bool(_CAPITAL_WORD.match(following)) or following[0] in '`"“' + MASK
        return begins and before not in _OPERATORS

    def _step(self, mark: Mark) -> None:
        continues = self.list is not None and self.list.expects(mark.number)
        if not continues and not self._starts_steps(mark):
            return
        if self.list is not None and self.list.ends_with_bullet(False) and not continues:
            self._close_list(mark.start)
        content = self.flat.skip_space(mark.end)
        bold = self.masked.startswith("**", content)
        self._open_list(mark.start).step(mark.start, mark.number, content, bold)
        self._begin(mark.start)

    def _starts_steps(self, mark: Mark) -> bool:
        if self.closed or (mark.number > 1 and mark.start != self.fresh):
            return False
        begins = self._begins(mark.start) or self.flat.sentence_ended(mark.start, ":")
        return begins and self.flat.marks.has_step([mark.number + 1], mark.end, NUMBER_REACH)

    def _number_follows(self, position: int) -> bool:
        numbers = self.list.next_numbers() if self.list else []
        return bool(numbers) and self.flat.marks.has_step(numbers, position, NUMBER_REACH)

    def _open_list(self, start: int) -> OpenList:
        """Return the open list, or a new one; note how its last item ended."""
        if self.list is None:
            self.list, self.unstopped = OpenList(), True
        else:
            self.unstopped = not self.flat.sentence_ended(start, ":")
        return self.list

    def _close_list(self, end: int) -> None:
        if self.list is not None:
            self.gaps |= self.list.gaps(self.masked)
            if (rest := self.list.rest_after_steps(self.masked, end)) is not None:
                self.gaps[rest] = "\n\n"
            self.list = None

    def _paragraph(self, start: int) -> None:
        self._close_list(start)
        self.gaps[start] = "\n\n"
        self._begin(start)

    def _expect_block(self, end: int) -> None:
        """Let a new block begin after `end`, whatever stands there."""
        self.fresh = self.flat.skip_space(end)
        self.structured = True
        self._paragraph(self.fresh)

    def _begin(self, start: int) -> None:
        self.last_block = self.counted = start
        self.depth = 0
        self.structured = self.structured or self.list is not None

    def _begins(self, start: int) -> bool:
        """Tell whether a block may begin: the one before is complete."""
        listed = self.list is not None and self.flat.before(start) == ")"
        return start == self.fresh or listed or self.flat.sentence_ended(start)

    def _open_parentheses(self, position: int) -> int:
        self.depth = self.flat.count_parentheses(self.counted, position, self.depth)
        self.counted = position
        return self.depth
