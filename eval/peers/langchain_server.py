"""The peer: a minimal FastAPI server over LangChain's FAISS retriever, as its manual shows it.

python langchain_server.py ENTRIES.json MODEL_FOLDER PORT WORKERS

Run by `eval.bench_http` in an environment of its own; nothing of ours is imported here.
"""

import json
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter


def create_app() -> FastAPI:
    """Return the application: documents split, embedded and indexed in memory."""
    entries = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    documents = [Document(page_content=text, metadata={"id": name}) for name, text in entries]
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    embeddings = HuggingFaceEmbeddings(model_name=sys.argv[2])
    store = FAISS.from_documents(splitter.split_documents(documents), embeddings)
    app = FastAPI()

    @app.get("/ready")
    def ready() -> dict[str, str]:
        return {}

    @app.get("/search")
    def search(q: str, k: int = 10) -> list[dict[str, object]]:
        found = store.similarity_search_with_score(q, k=k)
        return [
            {"id": d.metadata["id"], "text": d.page_content, "score": float(s)} for d, s in found
        ]

    return app


if __name__ == "__main__":
    uvicorn.run(
        "langchain_server:create_app",
        factory=True,
        app_dir=str(Path(__file__).resolve().parent),
        port=int(sys.argv[3]),
        workers=int(sys.argv[4]),
        log_level="warning",
    )
