"""The noun ModelName: who answers, as `--llm` and `AIFACTORY_LLM` say it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath
from urllib.parse import urlsplit

from rag.errors import ModelUnavailable

FORMS = (
    "extractive, openai-compatible:MODEL@URL, transformers:NAME_OR_FOLDER "
    "or a LangChain name such as openai:MODEL"
)
_ADDRESS = re.compile(r"@(?=https?://)", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(?<=://)[^/?#]*@|[?#].*", re.DOTALL)
_PROVIDER = re.compile(r"[a-z][a-z0-9_-]*")
_COMPLETIONS = "/chat/completions"


class Door(StrEnum):
    """How a language model is reached."""

    EXTRACTIVE = "extractive"
    OPENAI_COMPATIBLE = "openai-compatible"
    TRANSFORMERS = "transformers"
    LANGCHAIN = "langchain"


@dataclass(frozen=True, slots=True)
class ModelName:
    """A language model and how it is reached.

    Attributes:
        door: how it is reached.
        model: its name there, or a folder; empty for `extractive`.
        provider: LangChain's name of who serves it; empty behind the other doors.
        url: base URL of an openai-compatible server without a slash at its end, else empty; it may
            hold credentials, so it is never shown.
    """

    door: Door
    model: str = ""
    provider: str = ""
    url: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """The model as a person would call it, without addresses, credentials and folders."""
        if self.door is Door.EXTRACTIVE:
            return self.door.value
        shown = self.model
        if PurePath(shown).is_absolute():
            shown = PurePath(shown).name
        return f"{self.provider or self.door.value}:{shown}"


def parse_model_name(text: str) -> ModelName:
    """Read a name; `MODEL@URL` is split at the last `@http://` or `@https://`.

    Raises:
        ModelUnavailable: no such form; the message lists the forms and shows no credentials.
    """
    wanted = text.strip()
    if wanted == Door.EXTRACTIVE:
        return ModelName(Door.EXTRACTIVE)
    door, colon, rest = wanted.partition(":")
    if not colon or not rest.strip() or not rest.isprintable():
        raise _unusable(wanted, "it has none of the known forms")
    if door == Door.OPENAI_COMPATIBLE:
        return _openai_compatible(wanted, rest)
    if door == Door.TRANSFORMERS:
        return ModelName(Door.TRANSFORMERS, rest)
    if door == Door.EXTRACTIVE or not _PROVIDER.fullmatch(door) or rest.startswith("//"):
        raise _unusable(wanted, "it has none of the known forms")
    return ModelName(Door.LANGCHAIN, rest, provider=door)


def without_credentials(text: str) -> str:
    """Return a text without what stands before the host and after the path of a URL in it."""
    return _CREDENTIALS.sub("", text)


def _openai_compatible(wanted: str, rest: str) -> ModelName:
    splits = list(_ADDRESS.finditer(rest))
    if not splits or not splits[-1].start():
        raise _unusable(wanted, "MODEL@URL needs a model, an @ and a URL with http:// or https://")
    model, url = rest[: splits[-1].start()], rest[splits[-1].end() :]
    problem = _problem(url)
    if problem:
        raise _unusable(wanted, problem)
    url = url.rstrip("/").removesuffix(_COMPLETIONS).rstrip("/")
    return ModelName(Door.OPENAI_COMPATIBLE, model, url=url)


def _problem(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"\s", url):
        return "its URL has no usable host and port"
    if parts.query or parts.fragment:
        return "its URL must not have a query or fragment; a key goes into AIFACTORY_LLM_API_KEY"
    return ""


def _unusable(wanted: str, why: str) -> ModelUnavailable:
    shown = without_credentials(wanted)
    return ModelUnavailable(
        f"language model {shown!r} cannot be used: {why}; the forms are {FORMS}"
    )
