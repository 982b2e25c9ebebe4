"""Time what conversations cost: storing a turn, listing, reading and deleting.

python -m eval.bench_conversations [--source PATH] [--home DIR] [--database URL] [--json]

The database is a SQLite file in a temporary folder, unless `--database` names another one.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from eval.durations import percentile_figures
from eval.figures import Figure, print_figures
from eval.glossary_under_test import benchmark_parser, glossary_under_test
from rag.chat import Chat
from rag.storing.answer_record import AnswerRecord
from rag.storing.conversations import Conversations
from rag.storing.database import Database, open_database
from rag.storing.feedback import Feedback, Rating
from rag.storing.feedbacks import Feedbacks
from rag.storing.packing import pack
from rag.writing.prompt import HISTORY_TURNS

CONVERSATIONS = 1000
TURNS = 200
OWNER = "bench"


def measure(chat: Chat, database: Database) -> list[Figure]:
    """Return milliseconds per operation, over answers about every entry of the glossary."""
    talks, box = Conversations(database, max_turns=TURNS + 1), Feedbacks(database)
    terms = [chat.index.entry(entry_id).term for entry_id in chat.index.entry_ids()]
    answers = [chat.ask(f"What is {term}?") for term in terms]
    records = [AnswerRecord.of(answers[number % len(answers)]) for number in range(TURNS)]
    begun = timed(
        lambda record: talks.begin(OWNER, record).conversation_id,
        (AnswerRecord.of(answers[number % len(answers)]) for number in range(CONVERSATIONS)),
    )
    long = talks.create(OWNER).conversation_id
    appended = timed(lambda record: talks.append(long, OWNER, record), records)
    rated = timed(
        lambda record: box.put(Feedback(record.answer_id, Rating.UP), OWNER), records[:100]
    )
    listed = timed(lambda _: talks.list(OWNER, CONVERSATIONS), range(20))
    paged = timed(lambda _: talks.list(OWNER, 50), range(100))
    searched = timed(lambda _: talks.list(OWNER, 50, search="what is"), range(100))
    recalled = timed(lambda _: talks.recall(long, OWNER, HISTORY_TURNS), range(100))
    shown = timed(lambda _: talks.get(long, OWNER), range(20))
    page = talks.list(OWNER, 20).conversations[1:]
    deleted = timed(lambda one: talks.delete(one.conversation_id, OWNER), page)
    talks.delete_all(OWNER)
    sizes = [len(pack(answer.to_json())) for answer in answers]
    return [
        Figure("one answer, packed", sum(sizes) / len(sizes) / 1024, "KiB"),
        *percentile_figures("begin a conversation", begun),
        *percentile_figures("append a turn", appended),
        *percentile_figures("rate an answer", rated),
        *percentile_figures(f"list {CONVERSATIONS} conversations", listed),
        *percentile_figures("list 50", paged),
        *percentile_figures("search titles", searched),
        *percentile_figures("turns for a follow-up", recalled),
        *percentile_figures(f"show {TURNS} turns", shown),
        *percentile_figures("delete one", deleted),
    ]


def timed(act: Callable[[Any], object], each: Iterable[Any] | Sequence[Any]) -> list[float]:
    """Return the milliseconds of every call."""
    spent_ms = []
    for one in each:
        begin = time.perf_counter()
        act(one)
        spent_ms.append((time.perf_counter() - begin) * 1e3)
    return spent_ms


def main() -> None:
    """Run as the command line says."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--database", default="", metavar="URL", help="a database to work in")
    arguments = parser.parse_args()
    with (
        glossary_under_test(arguments) as chat,
        tempfile.TemporaryDirectory(prefix="aifactory-bench-") as folder,
    ):
        database = open_database(arguments.database, Path(folder))
        try:
            figures = measure(chat, database)
        finally:
            database.close()
    print_figures("Conversations", figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
