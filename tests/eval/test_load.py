"""The load generators, against real servers on loopback."""

from __future__ import annotations

import asyncio
import http.server
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from eval.load.memory import tree_mib
from eval.load.model_server import Pace, paced_model
from eval.load.requesting import Load, get_request, load
from eval.load.script import write_script
from eval.load.serving import free_port, resting, server
from eval.load.streaming import Followed, chat_request, follow
from eval.load.timed_model import TimedModel
from rag.chat import Chat
from tests.services.scripted_model import dies, says, scripted_model

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


class EveryThird(http.server.BaseHTTPRequestHandler):
    """Answers every third request with 500."""

    protocol_version = "HTTP/1.1"
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(500 if self.asked % 3 == 0 else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running.server_port
        running.shutdown()


def test_a_request_names_path_query_and_host() -> None:
    assert get_request("http://127.0.0.1:8000/search?q=a%20b") == (
        b"GET /search?q=a%20b HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n"
    )


def test_failed_responses_are_counted() -> None:
    with serving(EveryThird) as port:
        seen = asyncio.run(
            load("127.0.0.1", port, [get_request(f"http://127.0.0.1:{port}/")], 1, 0.2)
        )
    total = len(seen.latencies_ms)
    assert total >= 3
    assert seen.statuses == {200: total - total // 3, 500: total // 3}
    assert seen.failed == total // 3


def test_the_rate_is_responses_over_seconds() -> None:
    assert Load([1.0, 2.0, 3.0], {200: 2, 404: 1}, 1.5).per_second == 2
    assert Load([1.0, 2.0, 3.0], {200: 2, 404: 1}, 1.5).failed == 1
    assert Load().per_second == 0


def test_a_stream_is_followed_to_its_end() -> None:
    with scripted_model(says("one two ", "three ", "four", pace_s=0.05)) as model:
        followed = asyncio.run(
            follow(model.port, chat_request("127.0.0.1", "/v1/chat/completions", "m", "q"), 3)
        )
    assert (followed.status, followed.is_complete) == (200, True)
    assert followed.spoken_ms is not None
    assert followed.first_ms < followed.spoken_ms < followed.total_ms
    assert model.requests[0].body["messages"] == [{"role": "user", "content": "q"}]


def test_a_stream_that_breaks_off_is_not_complete() -> None:
    with scripted_model(dies("one ")) as model:
        followed = asyncio.run(
            follow(model.port, chat_request("127.0.0.1", "/v1/chat/completions", "m", "q"))
        )
    assert not followed.is_complete


def test_a_paced_model_says_the_words_of_a_file(tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_text("alpha beta", encoding="utf-8")
    with paced_model(script, Pace(0.01, 0.01, 3)) as url:
        port = int(url.split(":")[2].split("/")[0])
        followed = asyncio.run(
            follow(port, chat_request("127.0.0.1", "/v1/chat/completions", "m", "q"), 3)
        )
    assert followed.is_complete
    assert followed.spoken_ms is not None


def test_a_timed_model_tells_when_it_was_asked_and_when_it_sent_each_word() -> None:
    model = TimedModel(free_port(), 0.01)
    model.words, model.word_s = ("one", "two", 'say "three"'), 0.01
    request = chat_request("127.0.0.1", "/v1/chat/completions", "m", "q")

    async def ask() -> list[Followed]:
        async with model.listening():
            return [await follow(model.port, request, 2) for _ in range(2)]

    first, second = asyncio.run(ask())
    assert first.is_complete
    assert second.is_complete
    assert len(model.told) == 2
    for followed, told in zip((first, second), model.told, strict=True):
        assert len(told.sent_s) == 3
        assert followed.spoken_ms is not None
        spoken_s = followed.begun_s + followed.spoken_ms / 1e3
        assert followed.begun_s < told.asked_s < told.sent_s[0] < told.sent_s[1] < spoken_s
        assert followed.said.split()[:2] == ["one", "two"]


def test_a_timed_model_lets_go_of_clients_that_stay() -> None:
    model = TimedModel(free_port(), 0.0)

    async def stay() -> bytes:
        async with model.listening():
            reader, writer = await asyncio.open_connection("127.0.0.1", model.port)
        received = await reader.read()
        writer.close()
        await writer.wait_closed()
        return received

    assert asyncio.run(stay()) == b""


def test_what_was_said_is_the_text_that_the_chunks_hold() -> None:
    with scripted_model(says('say "one" ', "é \\ ", "three")) as model:
        request = chat_request("127.0.0.1", "/v1/chat/completions", "m", "q")
        followed = asyncio.run(follow(model.port, request, 5))
    assert followed.said == 'say "one" é \\ three'


def test_a_script_is_made_of_sentences_that_the_sources_hold(chat: Chat, tmp_path: Path) -> None:
    question, path, words = write_script(chat, tmp_path)
    sentences = [part.strip() for part in path.read_text(encoding="utf-8").split("[1]")][:-1]
    bodies = " ".join(
        " ".join(chat.index.entry(entry_id).body.split()) for entry_id in chat.index.entry_ids()
    )
    assert question.startswith("What is ")
    assert sentences
    assert all(sentence in bodies for sentence in sentences)
    assert words == len(sentences[0].split())


def test_a_server_that_leaves_is_told_at_once() -> None:
    with pytest.raises(RuntimeError, match="exit code 3"), server(["sh", "-c", "exit 3"], 1, "/"):
        pass


def test_a_resting_server_stands_still_until_the_block_ends() -> None:
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        with resting(process):
            _, status = os.waitpid(process.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status)
        _, status = os.waitpid(process.pid, os.WCONTINUED)
        assert os.WIFCONTINUED(status)
    finally:
        process.kill()
        process.wait()


def test_memory_of_this_process_is_some_megabytes() -> None:
    assert tree_mib(os.getpid()) > 10
    assert tree_mib(2**30) == 0
