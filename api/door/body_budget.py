"""The noun BodyBudget: how many bytes of request bodies one process holds at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.errors import Overloaded


class BodyBudget:
    """Counts the bytes of all bodies that are being received or answered; for one event loop."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.held_bytes = 0

    @contextmanager
    def share(self) -> Iterator[BodyShare]:
        """Give the share of one request, which is given back when the block ends."""
        share = BodyShare(self)
        try:
            yield share
        finally:
            self.held_bytes -= share.held_bytes


class BodyShare:
    """What one request holds of a budget."""

    def __init__(self, budget: BodyBudget) -> None:
        self.held_bytes = 0
        self._budget = budget

    def take(self, count: int) -> None:
        """Hold so many bytes more.

        Raises:
            Overloaded: the budget is spent.
        """
        budget = self._budget
        if budget.held_bytes + count > budget.most_bytes:
            raise Overloaded(
                f"the requests being answered hold {budget.held_bytes} bytes, and this one would "
                f"pass the limit of {budget.most_bytes}; ask again in a moment"
            )
        budget.held_bytes += count
        self.held_bytes += count
