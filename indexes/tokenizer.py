"""The noun Tokenizer: text to token ids and back to characters, without a neural runtime."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Encoding
from tokenizers import Tokenizer as FastTokenizer


class Tokenizer:
    """Counts, encodes and locates the tokens of one model; safe to use from several threads."""

    def __init__(self, file: Path, max_tokens: int) -> None:
        cut = FastTokenizer.from_file(str(file))
        self.padding_id = int((cut.padding or {}).get("pad_id", 0))
        self._whole = FastTokenizer.from_file(str(file))
        self._whole.no_padding()
        self._whole.no_truncation()
        cut.no_padding()
        cut.enable_truncation(max_tokens)
        self._cut = cut

    def encode(self, text: str) -> list[int]:
        """Return the ids the model reads: special tokens included, cut to `max_tokens`."""
        ids: list[int] = self._cut.encode(well_formed(text)).ids
        return ids

    def count(self, text: str) -> int:
        """Return how many tokens the whole text has, special tokens not counted."""
        return len(self._tokens(text).ids)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return start and end of every token of the whole text, in characters of `text`."""
        spans: list[tuple[int, int]] = self._tokens(text).offsets
        return spans

    def _tokens(self, text: str) -> Encoding:
        return self._whole.encode(well_formed(text), add_special_tokens=False)


def well_formed(text: str) -> str:
    """Return `text` with each lone surrogate, which UTF-8 cannot hold, replaced by "?"."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text
