"""Streams of answers that break off, are taken up again, stopped or left alone."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from api.streams.live_streams import Pace
from indexes.openvino_embedder import OpenVinoEmbedder
from tests.api.contract.serving import (
    QUESTION,
    Event,
    Served,
    application_of,
    events_of,
    faithful,
    read_events,
    served,
    until,
)
from tests.services.scripted_model import ScriptedModel, stalls

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

ROOT = Path(__file__).resolve().parent.parent.parent.parent
ASKED = {"question": QUESTION}
STALLING = stalls("A table lamp is a small light for a desk [1]. ", "It ")


@contextmanager
def begun(server: Served) -> Iterator[tuple[str, Iterator[Event]]]:
    """Begin a stream; give its answer's id and the events from the second on."""
    with server.client() as client, client.stream("POST", "/chat/stream", json=ASKED) as response:
        events = events_of(response.iter_lines())
        yield next(events).data["answer_id"], events


def follow(server: Served, answer_id: str, last: str = "") -> list[Event]:
    headers = {"last-event-id": last} if last else {}
    return read_events(server.get(f"/chat/stream/{answer_id}", **headers))


def test_a_stream_is_taken_up_where_it_broke_off(server: Served) -> None:
    server.script(faithful(pace_s=0.02))
    with begun(server) as (answer_id, events):
        delta = next(event for event in events if event.name == "delta")
    rest = read_events(server.post("/chat/stream", ASKED, last_event_id=delta.id))
    assert [event.id for event in rest] == [f"{answer_id}:{n}" for n in range(4, 12)]
    whole = follow(server, answer_id)
    assert whole[4:] == rest
    assert rest[-1].name == "answer"
    assert server.model is not None
    assert len(server.model.requests) == 1


def test_several_readers_follow_one_answer(server: Served) -> None:
    server.script(faithful(pace_s=0.01))
    with begun(server) as (answer_id, events):
        beside = follow(server, answer_id)
        assert [e for e in events if e.name != "comment"] == beside[1:]


def test_after_its_end_a_stream_comes_from_the_database(server: Served) -> None:
    first = read_events(server.post("/chat/stream", ASKED))
    answer_id = first[-1].data["answer_id"]
    assert server.application is not None
    assert not server.application.state.live_streams.written
    assert follow(server, answer_id) == first
    assert follow(server, answer_id, last=first[-2].id) == first[-1:]
    last = {"last-event-id": first[-1].id}
    nothing_more = server.get(f"/chat/stream/{answer_id}", **last)
    assert (nothing_more.status_code, nothing_more.text) == (204, "")
    assert server.post("/chat/stream", ASKED, last_event_id=first[-1].id).status_code == 204


@pytest.mark.parametrize("last", ["x", "x:y", ":3", f"{'0' * 32}:5000000000", f"{'0' * 32}:-1"])
def test_an_id_that_is_none_of_ours_is_refused(server: Served, last: str) -> None:
    response = server.post("/chat/stream", ASKED, last_event_id=last)
    assert response.status_code in (404, 422)
    assert set(response.json()["error"]) == {"type", "message"}


def test_an_event_that_an_answer_does_not_have_is_refused(server: Served) -> None:
    server.script(STALLING)
    with begun(server) as (running, events):
        next(event for event in events if event.name == "delta")
        finished = read_events(server.post("/chat/stream", {**ASKED, "llm": "extractive"}))
        over = finished[-1].data["answer_id"]
        for answer_id in (running, over):
            for last in (f"{answer_id}:99999", "nonsense", f"{'0' * 32}:0"):
                response = server.get(f"/chat/stream/{answer_id}", **{"last-event-id": last})
                problem = response.json()["error"]
                assert (response.status_code, problem["type"]) == (422, "RequestInvalid")
                assert problem["message"].startswith(f"Last-Event-ID {last}".replace("'", "")[:14])
        server.delete(f"/chat/stream/{running}")


def test_a_finished_answer_cannot_be_stopped_and_stays(server: Served) -> None:
    answer_id = read_events(server.post("/chat/stream", ASKED))[-1].data["answer_id"]
    refused = server.delete(f"/chat/stream/{answer_id}")
    assert (refused.status_code, refused.json()["error"]["type"]) == (404, "AnswerMissing")
    assert server.get(f"/answers/{answer_id}").status_code == 200


def test_nothing_of_a_deleted_conversation_can_be_followed(server: Served) -> None:
    answer = read_events(server.post("/chat/stream", ASKED))[-1].data
    assert follow(server, answer["answer_id"])[-1].name == "answer"
    assert server.delete(f"/conversations/{answer['conversation_id']}").status_code == 204
    assert server.get(f"/chat/stream/{answer['answer_id']}").status_code == 404


def test_a_conversation_that_just_begins_can_be_deleted(server: Served) -> None:
    server.script(STALLING)
    with server.client() as client, client.stream("POST", "/chat/stream", json=ASKED) as response:
        events = events_of(response.iter_lines())
        ids = next(events).data
        next(event for event in events if event.name == "delta")
        assert server.delete(f"/conversations/{ids['conversation_id']}").status_code == 204
        last = list(events)[-1]
    assert (last.name, last.data["error"]["type"]) == ("error", "StreamGone")
    assert server.model is not None
    assert server.model.requests[0].has_hung_up(1.5)
    assert server.get(f"/conversations/{ids['conversation_id']}").status_code == 404
    told = follow(server, ids["answer_id"])
    assert [event.name for event in told] == ["error"]  # and no text of what was deleted


def test_what_cannot_be_followed_says_why(server: Served) -> None:
    assert server.get(f"/chat/stream/{'0' * 32}").status_code == 404
    assert server.delete(f"/chat/stream/{'0' * 32}").status_code == 404
    whole = server.post("/chat", ASKED).json()
    response = server.get(f"/chat/stream/{whole['answer_id']}")
    assert (response.status_code, response.json()["error"]["type"]) == (410, "StreamGone")


def test_stopping_an_answer_cancels_the_model_and_keeps_nothing(server: Served) -> None:
    server.script(STALLING)
    with begun(server) as (answer_id, events):
        next(event for event in events if event.name == "delta")
        assert server.delete(f"/chat/stream/{answer_id}").status_code == 204
        last = list(events)[-1]
    assert (last.name, last.data["error"]["type"]) == ("error", "StreamGone")
    assert server.model is not None
    assert server.model.requests[0].has_hung_up(1.5)
    assert server.get(f"/answers/{answer_id}").status_code == 404
    assert follow(server, answer_id)[-1].name == "error"


def test_an_answer_that_nobody_reads_is_given_up_after_a_while(server: Served) -> None:
    server.script(STALLING)
    with begun(server) as (_, events):
        next(event for event in events if event.name == "delta")
    assert server.model is not None
    (asked,) = server.model.requests
    assert not asked.ended.wait(0.1)
    assert asked.has_hung_up(1.5)


def test_an_answer_that_is_read_again_in_time_goes_on(server: Served) -> None:
    server.script(faithful(pace_s=0.04))  # longer than a stream without readers lives
    with begun(server) as (answer_id, events):
        delta = next(event for event in events if event.name == "delta")
    time.sleep(0.1)
    assert follow(server, answer_id, last=delta.id)[-1].name == "answer"


def test_a_slow_model_is_bridged_with_comments(server: Served) -> None:
    server.script(faithful(first_s=0.5))
    response = server.post("/chat/stream", ASKED)
    names = [event.name for event in events_of(response.text.splitlines())]
    assert names.count("comment") >= 2
    assert names[-1] == "answer"


def test_more_answers_at_once_than_allowed_are_refused(
    small_home: Path, openvino_embedder: OpenVinoEmbedder, scripted: ScriptedModel
) -> None:
    scripted.script = STALLING
    more = {"llm": scripted.llm, "max_answering": 1}
    with served(application_of(small_home, openvino_embedder, **more), scripted) as server:
        with begun(server) as (answer_id, events):
            next(event for event in events if event.name == "delta")
            messages = [{"role": "user", "content": QUESTION}]
            asked = {"model": "ai-factory-chat", "messages": messages}
            for path, body in (
                ("/chat", ASKED),
                ("/chat/stream", ASKED),
                ("/v1/chat/completions", asked),
                ("/v1/chat/completions", {**asked, "stream": True}),
            ):
                refused = server.post(path, body)
                assert (refused.status_code, refused.json()["error"]["type"]) == (503, "Overloaded")
                assert int(refused.headers["retry-after"]) >= 1
            server.delete(f"/chat/stream/{answer_id}")
        assert until(
            lambda: server.post("/chat", {**ASKED, "llm": "extractive"}).status_code == 200
        )


def test_a_server_that_stops_ends_what_nobody_reads(
    small_home: Path, openvino_embedder: OpenVinoEmbedder, scripted: ScriptedModel
) -> None:
    scripted.script = STALLING
    scripted.requests.clear()
    slow = Pace(abandon_s=60)
    application = application_of(small_home, openvino_embedder, slow, llm=scripted.llm)
    with served(application, scripted) as server, begun(server) as (_, events):
        next(event for event in events if event.name == "delta")
    assert scripted.requests[0].has_hung_up(1.5)


@contextmanager
def serving(
    home: Path, llm: str, workers: int, **settings: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run `aifactory serve`; give its address and its process."""
    arguments = ["serve", "--home", str(home), "--port", "0", "--llm", llm]
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", "from api.cli import main; main()"),
            *(*arguments, "--workers", str(workers)),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = re.search(r"http://[\d.:]+", process.stdout.readline())
        assert url
        assert until(lambda: is_ready(url.group()), 60)
        yield url.group(), process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def is_ready(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/health/ready").status_code == 200
    except httpx2.TransportError:
        return False


@pytest.mark.slow
def test_another_worker_takes_a_stream_up(small_home: Path, scripted: ScriptedModel) -> None:
    scripted.script = faithful(pace_s=0.03)
    with serving(small_home, scripted.llm, workers=2) as (url, _):
        server = Served(url, None, scripted)
        with begun(server) as (answer_id, events):
            with ThreadPoolExecutor(8) as readers:  # connections spread over the workers
                beside = list(readers.map(lambda _: follow(server, answer_id), range(8)))
            first = [event for event in events if event.name != "comment"]
    assert all(events[1:] == first for events in beside)
    assert first[-1].name == "answer"


@pytest.mark.slow
def test_an_answer_is_stopped_whichever_worker_hears_of_it(
    small_home: Path, scripted: ScriptedModel
) -> None:
    scripted.script = STALLING
    with serving(small_home, scripted.llm, workers=2) as (url, _):
        server = Served(url, None, scripted)
        for _ in range(6):
            scripted.requests.clear()
            with begun(server) as (answer_id, events):
                next(event for event in events if event.name == "delta")
                assert server.delete(f"/chat/stream/{answer_id}").status_code == 204
                assert list(events)[-1].data["error"]["type"] == "StreamGone"
            assert scripted.requests[0].has_hung_up(1.5)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/chat/stream", "/v1/chat/completions"])
def test_a_stream_that_outlasts_the_grace_is_told_in_time(
    small_home: Path, scripted: ScriptedModel, path: str
) -> None:
    scripted.script = STALLING
    messages = [{"role": "user", "content": QUESTION}]
    other = {"model": "ai-factory-chat", "messages": messages, "stream": True}
    body = ASKED if path == "/chat/stream" else other
    grace = {"AIFACTORY_LLM_TOTAL_S": "5"}  # as long as the model may take, which is not over yet
    with serving(small_home, scripted.llm, workers=1, **grace) as (url, process):
        server = Served(url, None, scripted)
        with server.client() as client, client.stream("POST", path, json=body) as response:
            events = events_of(response.iter_lines())
            next(event for event in events if "desk" in str(event.data))
            process.send_signal(signal.SIGTERM)
            last = list(events)[-1]
        assert "this server is stopping" in last.data["error"]["message"]
        process.communicate(timeout=30)
        assert process.returncode == 0
