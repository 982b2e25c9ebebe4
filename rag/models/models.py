"""The one door to language models: a name in the settings becomes a Generator.

The only file that imports LangChain's chat models; each door imports its runtime when it is used.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from typing import TYPE_CHECKING, Any, cast

from pydantic import SecretStr

from rag.errors import ModelUnavailable
from rag.models.course import Course
from rag.models.event_stream import StreamUnreadable
from rag.models.generator import Message
from rag.models.model_name import Door, ModelName, parse_model_name
from rag.models.patience import Limits, Model, Patience
from rag.settings import Settings

if TYPE_CHECKING:
    import httpx2
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

OnStatus = Callable[[str], None]
_EXTRAS = {"anthropic", "ollama", "openai"}
_KEY_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]*_API_KEY\b")
_MAX_TOKENS_NAMES = {"ollama": "num_predict"}
_TELL_THE_END = {"anthropic", "ollama"}
_ENDINGS = ("finish_reason", "stop_reason", "done_reason")
_ENDED = (*_ENDINGS, "done")


def open_generator(settings: Settings, on_status: OnStatus | None = None) -> Patience | None:
    """Return the language model of `settings.llm`, None when it is `extractive`.

    Nothing is asked of the model yet. `on_status` hears one-line messages of slow work (loading).
    `prepare` and `aclose` of the Generator belong to the start and the end of a server.

    Raises:
        ModelUnavailable: the name cannot be used, or something it needs is missing.
    """
    name = parse_model_name(settings.llm)
    if name.door is Door.EXTRACTIVE:
        return None
    limits = Limits(settings.llm_first_token_s, settings.llm_total_s, settings.llm_retries)
    return Patience(_open(name, settings, on_status), limits)


def _open(name: ModelName, settings: Settings, on_status: OnStatus | None) -> Model:
    if name.door is Door.OPENAI_COMPATIBLE:
        from rag.models.openai_compatible import OpenAICompatible

        key = settings.llm_api_key.get_secret_value()
        return OpenAICompatible(name, key, settings.llm_connect_s, settings.llm_max_tokens)
    if name.door is Door.TRANSFORMERS:
        from rag.models.transformers_generator import TransformersModel

        placement = (settings.llm_device, settings.llm_dtype)
        return TransformersModel(name, *placement, settings.llm_max_tokens, on_status)
    timeouts = (settings.llm_connect_s, settings.llm_total_s)
    tokens = (settings.llm_max_tokens, settings.llm_context_tokens)
    return LangChainModel(name, *timeouts, *tokens)


class LangChainModel:
    """A chat model of LangChain; its provider's own variables hold keys and addresses.

    Raises whatever the provider's client raises: Patience turns it into GenerationFailed.
    """

    def __init__(
        self,
        name: ModelName,
        connect_s: float,
        total_s: float,
        max_tokens: int,
        context_tokens: int,
    ) -> None:
        self._name = name
        more: dict[str, Any] = {_MAX_TOKENS_NAMES.get(name.provider, "max_tokens"): max_tokens}
        self._close: Callable[[], Awaitable[None]] | None = None
        if name.provider == "openai":
            client = _client(connect_s, total_s)
            self._close = client.aclose
            more |= {"http_async_client": client, "timeout": client.timeout}
        if name.provider == "ollama":  # what is beyond its room, Ollama leaves out unseen
            more["num_ctx"] = context_tokens + max_tokens
        self._model = _chat_model(name, {"timeout": total_s, "max_retries": 0, **more})
        if name.provider == "ollama":
            self._close = cast(Any, self._model)._async_client.close
        if name.provider == "anthropic":
            self._close = _with_own_connections(self._model, connect_s, total_s)

    @property
    def name(self) -> str:
        """The model with its provider in front."""
        return self._name.name

    async def prepare(self) -> None:
        """Do nothing: the provider has the model."""

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Let everybody in: the provider serves many at once."""
        return nullcontext()

    async def aclose(self) -> None:
        """Close the connections, where they are not LangChain's own."""
        if self._close is not None:
            await self._close()

    async def stream(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]:
        """Yield the text as it comes, without what the model reasons to itself.

        Raises:
            StreamUnreadable: a provider that tells how an answer ended has not told.
        """
        prompt = [(message.role.value, message.content) for message in messages]
        chunks = cast("AsyncGenerator[AIMessageChunk, None]", self._model.astream(prompt))
        course = Course()
        has_spoken, has_ended = False, self._name.provider not in _TELL_THE_END
        async with aclosing(chunks):
            async for chunk in chunks:
                _note(course, chunk)
                has_ended = has_ended or any(map(chunk.response_metadata.get, _ENDED))
                if text := str(chunk.text):
                    has_spoken = True
                    yield text
        if not has_ended:
            raise StreamUnreadable("an end in the middle of the answer")
        course.end(has_spoken=has_spoken)


def _note(course: Course, chunk: AIMessageChunk) -> None:
    """Take note of how a provider says that an answer ended; each has a field of its own."""
    for field in _ENDINGS:
        course.note(chunk.response_metadata.get(field))
    course.note(refusal=chunk.additional_kwargs.get("refusal"), tool_calls=chunk.tool_call_chunks)


def _client(connect_s: float, total_s: float) -> httpx2.AsyncClient:
    """Return a client of our own: LangChain's is shared, and left open when the loop closes."""
    import httpx2

    return httpx2.AsyncClient(timeout=httpx2.Timeout(total_s, connect=connect_s))


def _with_own_connections(
    model: BaseChatModel, connect_s: float, total_s: float
) -> Callable[[], Awaitable[None]]:
    """Give a ChatAnthropic connections of its own; return what closes them."""
    from anthropic import DefaultAsyncHttpxClient, Timeout

    anthropic: Any = model
    own = DefaultAsyncHttpxClient(
        timeout=Timeout(total_s, connect=connect_s), proxy=anthropic.anthropic_proxy
    )
    anthropic._async_client = anthropic._async_client.with_options(http_client=own)
    return own.aclose


def _chat_model(name: ModelName, options: dict[str, Any]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(name.model, model_provider=name.provider, **options)
    except ImportError as error:
        raise ModelUnavailable(_missing_package(name, str(error))) from None
    except Exception as error:  # noqa: BLE001  # providers raise classes of their own
        raise ModelUnavailable(_refused(name, str(error))) from None
    _require_keys(name, model)
    return model


def _missing_package(name: ModelName, said: str) -> str:
    command = said.rpartition("`pip install ")[2].rstrip("`") or "the package of its provider"
    wanted = f"'ai-factory-chat[{name.provider}]'" if name.provider in _EXTRAS else command
    return f"language model {name.name} needs a package that is missing: pip install {wanted}"


def _refused(name: ModelName, said: str) -> str:
    _, unsupported, known = said.partition("Supported model providers are: ")
    if unsupported:
        return (
            f"language model {name.name} has an unknown provider, {name.provider!r}; LangChain "
            f"knows {known}; other servers are openai-compatible:MODEL@URL"
        )
    if variable := _KEY_VARIABLE.search(said):
        return f"language model {name.name} needs a key: set {variable.group()}"
    return f"language model {name.name} cannot be used: {' '.join(said.split())}"


def _require_keys(name: ModelName, model: BaseChatModel) -> None:
    for attribute, variable in model.lc_secrets.items():
        secret = getattr(model, attribute, None)
        if isinstance(secret, SecretStr) and not secret.get_secret_value():
            raise ModelUnavailable(f"language model {name.name} needs a key: set {variable}")
