"""The least a search over HTTP can be: embed the query, look its neighbours up in FAISS.

python -m eval.peers.bare_server HOME PORT WORKERS

Run by `eval.bench_http --bare`: what it reaches is what our model leaves to reach, without names,
words, families, limits, logs and metrics.
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from rag.opening import open_chat
from rag.settings import load_settings


def create_app() -> FastAPI:
    """Return the application over the live snapshot of a home."""
    settings = load_settings(home=Path(sys.argv[1])).model_copy(update={"threads": 1})
    chat = open_chat(settings)
    chat.embedder.embed_query("ready")
    app = FastAPI()

    @app.get("/ready")
    async def ready() -> dict[str, str]:
        return {}

    @app.get("/search")
    async def search(q: str, k: int = 10) -> list[dict[str, object]]:
        found = chat.index.dense(chat.embedder.embed_query(q), k)
        return [{"id": hit.id, "score": hit.score} for hit in found]

    return app


if __name__ == "__main__":
    uvicorn.run(
        "eval.peers.bare_server:create_app",
        factory=True,
        port=int(sys.argv[2]),
        workers=int(sys.argv[3]),
        log_level="warning",
    )
