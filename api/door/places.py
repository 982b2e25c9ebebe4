"""The noun Places: a fixed number of places, given to the urgent before the patient."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque


class Places:
    """Like a semaphore with one queue for every degree of patience; for one event loop.

    Somebody waits for a search at this moment. Whoever checks what a language model has written has
    as much time as the model takes for its next sentence.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._queues: defaultdict[int, deque[asyncio.Future[None]]] = defaultdict(deque)

    @property
    def is_full(self) -> bool:
        """Tell whether whoever comes now has to wait."""
        return not self._free

    async def take(self, patience: int = 0) -> None:
        """Take a place, once there is one and nobody of less patience wants it."""
        if self._free:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue = self._queues[patience]
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # the place had been given already
                self.give_back()
            elif turn in queue:
                queue.remove(turn)
            raise

    def give_back(self) -> None:
        """Give a place back; it goes to the least patient, of them to the first who came."""
        for _, queue in sorted(self._queues.items()):
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._free += 1
