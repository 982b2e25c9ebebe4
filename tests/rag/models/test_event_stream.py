from __future__ import annotations

import pytest

from rag.models.event_stream import EventStream, StreamUnreadable
from tests.services.scripted_model import DONE, chunk, event

HELLO = b'data: {"choices": [{"delta": {"content": "Gr\xc3\xbc\xc3\x9fe"}}]}'


def read(*pieces: bytes) -> list[str]:
    events = EventStream()
    texts = [text for piece in pieces for text in events.feed(piece)]
    return texts + list(events.close())


@pytest.mark.parametrize("end", [b"\n\n", b"\r\n\r\n", b"\n", b"\r\r", b""])
def test_any_line_end_ends_an_event(end: bytes) -> None:
    assert read(HELLO + end) == ["Grüße"]


@pytest.mark.parametrize("size", [1, 2, 7])
def test_pieces_may_be_cut_anywhere(size: int) -> None:
    stream = HELLO + b"\r\n\r\n" + chunk("!") + DONE
    assert read(*(stream[i : i + size] for i in range(0, len(stream), size))) == ["Grüße", "!"]


def test_an_object_may_spread_over_lines_and_lack_its_field_name() -> None:
    assert read(b'data: {"choices": [{"delta":\ndata: {"content": "a"}}]}\n\n') == ["a"]
    assert read(HELLO.removeprefix(b"data: ") + b"\n\n") == ["Grüße"]


def test_what_is_no_text_is_left_out() -> None:
    others = (
        b"\xef\xbb\xbfdata:\n\n: comment\n\nevent: ping\nid: 7\nretry: 10\n\n",
        event({"usage": {"total_tokens": 3}}),
        event({"choices": []}),
        event({"choices": None}),
        event({"choices": ["odd"]}),
        event({"choices": [{"delta": {"content": ["odd"]}}]}),
        event({"choices": [{"delta": None}]}),
        chunk(None, role="assistant"),
        chunk("", reasoning_content="hm"),
    )
    assert read(*others, chunk("a")) == ["a"]


def test_nothing_is_read_after_the_end_nor_of_another_answer() -> None:
    assert read(chunk("a") + DONE + chunk("b")) == ["a"]
    other = {"index": 1, "delta": {"content": "other"}}
    mine = {"index": 0, "delta": {"content": "mine"}}
    assert read(event({"choices": [other, mine]}), event({"choices": [other]})) == ["mine"]


def test_content_may_come_in_parts() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "image_url"}, {"type": "text", "text": "b"}]
    assert read(event({"choices": [{"delta": {"content": parts}}]})) == ["ab"]


def test_what_a_server_says_of_an_error_is_kept() -> None:
    with pytest.raises(StreamUnreadable) as raised:
        read(event({"error": {"message": "out of memory"}}))
    assert (str(raised.value), raised.value.said) == ("an error of the server", "out of memory")


def test_the_end_is_told_by_a_reason_or_by_done() -> None:
    events = EventStream()
    assert list(events.feed(chunk("a"))) == ["a"]
    assert (events.ended, events.done) == (False, False)
    assert list(events.feed(chunk(None, "length"))) == []
    assert (events.ended, events.done) == (True, False)
    assert list(events.feed(DONE)) == []
    assert (events.ended, events.done) == (True, True)


@pytest.mark.parametrize(
    "stream",
    [
        b"data: oops\n\n",
        b'data: {"choices": [\n\n',
        b'data: {"choices": [',
        b"data: [1]\n\n",
        b'data: {"error": {"message": "out of memory"}}\n\n',
        b'error: {"code": 500}\n\n',
        b'data: {"choices": [{"delta": {"content": "\xff"}}]}\n\n',
        b"data: " + b"x" * 300_000,
        b"data: " + b"[" * 100_000 + b"\n\n",
    ],
)
def test_what_cannot_be_read_is_no_text(stream: bytes) -> None:
    with pytest.raises(StreamUnreadable):
        read(stream)
