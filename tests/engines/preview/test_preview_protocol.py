"""Requests as they come in: understood, refused with the reason, or forgotten."""

from __future__ import annotations

import io
import json
import os
import time
from typing import Any

import pytest

from lrc_toolbox.engines.preview.opening import Opening, OpeningError
from lrc_toolbox.engines.preview.protocol import (
    Drop,
    Inbox,
    Open,
    Outbox,
    Render,
    RequestError,
    read_request,
)


def test_requests_are_read_and_unknown_keys_passed_over() -> None:
    assert read_request(b'{"open": {"scene": "a"}, "task": "1.2"}') == Open(
        "1.2", {"scene": "a"}
    )
    assert read_request(
        b'{"render": -3, "task": "1.2", "outputs": ["/a", "/b"], "new": 1}\n'
    ) == Render("1.2", -3, ("/a", "/b"))
    assert read_request(b'{"task": "1.2", "drop": 7}') == Drop("1.2", 7)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"nonsense", "Expecting value"),
        (b"\xff\xfe\x00", "\ufffd"),
        (b"[1, 2]", "not understood"),
        (b'{"render": 1}', "no 'task'"),
        (b'{"render": "x", "task": "1.1", "outputs": []}', "'x'"),
        (b'{"render": 1, "task": "1.1"}', "no 'outputs'"),
        (b'{"task": "1.1"}', "no 'drop'"),
        (b'{"open": 3, "task": "1.1"}', "not iterable"),
    ],
)
def test_a_line_that_is_no_request_says_why(line: bytes, problem: str) -> None:
    with pytest.raises(RequestError, match=problem) as caught:
        read_request(line)
    assert caught.value.line


def test_frames_wait_in_order_and_dropped_ones_are_gone() -> None:
    receiving, sending = os.pipe()
    with os.fdopen(receiving, "rb") as stream, os.fdopen(sending, "wb") as service:
        inbox = Inbox(stream)
        inbox.start()
        for number in range(4):
            service.write(b'{"render": %d, "task": "1.1", "outputs": []}\n\n' % number)
        service.write(b'{"drop": 2, "task": "1.1"}\n{"drop": 1, "task": "9.1"}\n')
        service.write(b'{"open": {}, "task": "1.2"}\n')
        service.flush()
        taken = [inbox.next() for _ in range(2)]
        assert [each.frame for each in taken if isinstance(each, Render)] == [0, 1]
        last = [inbox.next(), inbox.next()]
        assert isinstance(last[0], Render)
        assert last[0].frame == 3
        assert last[1] == Open("1.2", {})
        service.close()
        assert inbox.next() is None


def test_what_an_event_says_can_be_read_by_any_json_reader() -> None:
    stream = io.BytesIO()
    frame = Render("1.1", 5, ("/\N{SNOWMAN}.exr",))
    outbox = Outbox(stream)
    outbox.frame_started(frame)
    outbox.frame_progressed(frame, 1 / 3)
    outbox.frame_finished(frame, 1.23456)
    outbox.log("a line of the log")
    *events, log = stream.getvalue().splitlines()
    assert all(line.startswith(b'{"lrc":') for line in events)
    assert log == b"a line of the log"
    told = [json.loads(line) for line in events]
    assert all(abs(event.pop("at") - time.time()) < 60 for event in told)
    assert told == [
        {"lrc": "frame_started", "task": "1.1", "frame": 5},
        {"lrc": "frame_progressed", "task": "1.1", "frame": 5, "percent": 33.3},
        {
            "lrc": "frame_finished",
            "task": "1.1",
            "frame": 5,
            "files": ["/\N{SNOWMAN}.exr"],
            "seconds": 1.235,
        },
    ]


FINE: dict[str, Any] = {
    "scene": "a.ma",
    "layer": "masterLayer",
    "camera": "persp",
    "width": 64,
    "height": 36,
    "samples": 4,
}


def test_an_opening_without_a_place_for_textures_looks_beside_the_scene() -> None:
    assert Opening.read(FINE).textures_beside == "a.ma"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"width": 0}, "width must be 1 to 32768, not 0"),
        ({"height": 10**9}, "height"),
        ({"samples": "many"}, "many"),
        ({"samples": None}, "wrong"),
    ],
)
def test_an_impossible_opening_is_refused(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(OpeningError, match=message):
        Opening.read({**FINE, **changes})


@pytest.mark.parametrize("key", FINE)
def test_an_opening_that_lacks_something_names_it(key: str) -> None:
    with pytest.raises(OpeningError, match=key):
        Opening.read({name: value for name, value in FINE.items() if name != key})
