"""The options that several commands share, and the settings they lead to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rag.settings import Settings


def named_path(text: str | Path) -> Path:
    """Return a path; refuse an empty one, which would silently mean the current folder."""
    if not str(text):
        raise typer.BadParameter("the path is empty; name a file or folder (. is the current one)")
    return Path(text)


Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="FOLDER",
        parser=named_path,
        help="Where snapshots live [variable: AIFACTORY_HOME].",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Llm = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="NAME",
        help="Who answers: extractive (quotes, needs no model), openai-compatible:MODEL@URL, "
        "transformers:MODEL, or a LangChain name such as openai:MODEL.",
    ),
]


def settings(home: Path | None = None, **given: Any) -> Settings:
    """Return the settings: the options given, then the environment, then the defaults."""
    from rag.settings import load_settings

    return load_settings(home=home, **given)
