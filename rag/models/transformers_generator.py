"""A transformers model in this process; besides embedding, the only user of torch and transformers.

One thread per model loads it and generates, one answer after another; who waits holds no thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ModelRejected, ModelUnavailable
from rag.models.generator import THOUGHTS, CutOff, Ending, Message
from rag.models.model_name import ModelName

if TYPE_CHECKING:
    from transformers import BatchEncoding, TextStreamer

Say = Callable[[str | Exception | None], None]

_TAIL_TOKENS = 16
_OPENED = re.compile(rf"<(?:{'|'.join(THOUGHTS)})>\s*\Z")


class TransformersModel:
    """Streams from a causal language model with a chat template, on CPU or GPU, greedily.

    The tokenizer is loaded at once, so that a wrong name fails early; the weights by `prepare`.
    Weights are read from safetensors only, and no code of the model's folder is run.

    Args:
        name: what to load: a folder, or a name on the Hugging Face hub.
        device: auto, cpu, cuda, cuda:1, mps; auto takes a GPU when there is one.
        dtype: auto (as stored), float32, bfloat16 or float16.
        max_tokens: longest answer.
        on_status: hears one line before the weights are loaded.

    Raises:
        ModelUnavailable: there is no such model, or it has no chat template.
    """

    def __init__(
        self,
        name: ModelName,
        device: str,
        dtype: str,
        max_tokens: int,
        on_status: Callable[[str], None] | None = None,
    ) -> None:
        self._name = name
        self._place = str(Path(name.model).expanduser())
        self._device = device
        self._dtype = dtype
        self._max_tokens = max_tokens
        self._on_status = on_status
        self._tokenizer = self._load_tokenizer()
        self._model: Any = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="language-model")
        self._job: Future[None] | None = None
        self._turns: tuple[asyncio.AbstractEventLoop, asyncio.Lock] | None = None

    @property
    def name(self) -> str:
        """The model with its door in front, without the folder it lies in."""
        return self._name.name

    async def prepare(self) -> None:
        """Load the weights, once.

        Raises:
            ModelUnavailable: they cannot be loaded, or the device is not there.
        """
        if self._model is None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._load_model)

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncGenerator[None, None]:
        """Wait for those who came earlier, and for the thread to be done with them."""
        async with self._lock():
            if self._job is not None and not self._job.done():
                await asyncio.wait([asyncio.wrap_future(self._job)])
            yield

    def _lock(self) -> asyncio.Lock:
        """Return the queue of the running event loop."""
        loop = asyncio.get_running_loop()
        if self._turns is None or self._turns[0] is not loop:
            self._turns = (loop, asyncio.Lock())
        return self._turns[1]

    async def aclose(self) -> None:
        """Let the thread end; no further answer can be asked for."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def stream(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]:
        """Yield the text word by word; closing it stops before the next token."""
        loop = asyncio.get_running_loop()
        said: asyncio.Queue[str | Exception | None] = asyncio.Queue()
        stop = threading.Event()

        def say(item: str | Exception | None) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is gone, and its consumer with it
                loop.call_soon_threadsafe(said.put_nowait, item)

        job = self._job = self._thread.submit(self._answer, messages, say, stop)
        try:
            while (item := await said.get()) is not None:
                if isinstance(item, Exception):
                    raise item
                yield item
        finally:
            stop.set()
            job.cancel()

    def _answer(self, messages: Sequence[Message], say: Say, stop: threading.Event) -> None:
        try:
            self._generate(messages, say, stop)
            say(None)
        except Exception as error:  # noqa: BLE001  # it belongs to the consumer, not to this thread
            say(error)

    def _generate(self, messages: Sequence[Message], say: Say, stop: threading.Event) -> None:
        if stop.is_set():
            return
        self._load_model()
        prompt = self._prompt(messages)
        written = self._model.generate(
            **prompt.to(self._model.device),
            max_new_tokens=self._max_tokens,
            do_sample=False,
            pad_token_id=self._padding,
            streamer=_streamer(self._tokenizer, say, self._opened(prompt)),
            stopping_criteria=[_stopping(stop)],
        )[0, prompt["input_ids"].shape[1] :].tolist()
        if len(written) >= self._max_tokens and written[-1] not in self._ends:
            raise CutOff(Ending.LENGTH)

    def _opened(self, prompt: BatchEncoding) -> str:
        """Return the tag of a block of thoughts that the chat template has opened, or ""."""
        tail = self._tokenizer.decode(prompt["input_ids"][0, -_TAIL_TOKENS:])
        opened = _OPENED.search(tail)
        return opened.group() if opened else ""

    @property
    def _ends(self) -> set[int]:
        """Return the tokens with which the model ends its answers."""
        ends = self._model.generation_config.eos_token_id
        return {self._tokenizer.eos_token_id, *(ends if isinstance(ends, list) else [ends])}

    @property
    def _padding(self) -> int | None:
        padding: int | None = self._tokenizer.pad_token_id
        return self._tokenizer.eos_token_id if padding is None else padding

    def _prompt(self, messages: Sequence[Message]) -> BatchEncoding:
        """Return the token ids, shape (1, n); control tokens in the texts count as plain text."""
        chat = [{"role": message.role.value, "content": message.content} for message in messages]
        try:
            prompt: BatchEncoding = self._tokenizer.apply_chat_template(
                chat, add_generation_prompt=True, sanitize_control_tokens=True, return_tensors="pt"
            )
        except Exception as error:
            raise ModelRejected(
                f"language model {self.name}: its chat template refuses the prompt: "
                f"{_one_line(error)}"
            ) from error
        self._require_room(prompt["input_ids"].shape[1])
        return prompt

    def _require_room(self, tokens: int) -> None:
        room = getattr(self._model.config.get_text_config(), "max_position_embeddings", None)
        if room and tokens >= room:
            raise ModelRejected(
                f"language model {self.name} reads {room} tokens and the prompt has {tokens}; "
                f"lower AIFACTORY_LLM_CONTEXT_TOKENS"
            )

    def _load_tokenizer(self) -> Any:
        if not Path(self._place).exists() and self._place.startswith(("/", ".")):
            raise ModelUnavailable(f"language model {self.name}: no folder {self._place}")
        from transformers import AutoTokenizer

        try:
            tokenizer = AutoTokenizer.from_pretrained(self._place)
        except Exception as error:
            raise self._unusable(error) from error
        if not tokenizer.chat_template:
            raise ModelUnavailable(
                f"language model {self.name} has no chat template: take a model made for chat"
            )
        return tokenizer

    def _load_model(self) -> None:
        if self._model is not None:
            return
        if self._on_status:
            self._on_status(f"loading language model {self.name}")
        from transformers import AutoModelForCausalLM

        try:
            model: Any = AutoModelForCausalLM.from_pretrained(
                self._place, dtype=self._dtype, use_safetensors=True
            )
            self._model = model.to(_device(self._device))
        except Exception as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> ModelUnavailable:
        return ModelUnavailable(
            f"language model {self.name} cannot be loaded from {self._place}: {_one_line(error)}"
        )


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


def _device(wanted: str) -> str:
    if wanted != "auto":
        return wanted
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _streamer(tokenizer: Any, say: Say, opened: str) -> TextStreamer:
    from transformers import TextStreamer

    class Saying(TextStreamer):
        before = opened

        def on_finalized_text(self, text: str, stream_end: bool = False) -> None:  # noqa: ARG002
            if text:
                say(self.before + text)
                self.before = ""

    return Saying(tokenizer, skip_prompt=True, skip_special_tokens=True)


def _stopping(stop: threading.Event) -> Callable[..., Any]:
    import torch

    def stopped(input_ids: Any, *_: Any, **__: Any) -> Any:
        return torch.full((len(input_ids),), stop.is_set(), device=input_ids.device)

    return stopped
