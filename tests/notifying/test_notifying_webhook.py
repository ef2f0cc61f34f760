"""Webhooks, against a real web server on this computer."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from lrc_toolbox.notifying.not_told import NotToldError
from lrc_toolbox.notifying.webhook import Webhooks, host, post
from tests.notifying.receiver import SECRET, Answer, Receiver, receiving

DOCUMENT: dict[str, Any] = {"text": "houses is done", "content": "été <b>"}


def refusal(receiver: Receiver, *answers: Answer, limit_s: float = 15) -> NotToldError:
    receiver.answers[:] = answers
    with pytest.raises(NotToldError) as refused:
        post(receiver.address, DOCUMENT, limit_s)
    assert "do-not-show" not in str(refused.value)
    return refused.value


def test_a_document_arrives_as_json_at_the_address(receiver: Receiver) -> None:
    post(receiver.address, DOCUMENT)
    [(method, path, headers, body)] = receiver.arrived
    assert (method, path) == ("POST", f"/services/{SECRET}")
    assert headers["Content-Type"].startswith("application/json")
    assert "urllib" not in headers["User-Agent"]
    assert json.loads(body) == DOCUMENT


def test_an_empty_answer_is_as_good(receiver: Receiver) -> None:
    receiver.answers.append(Answer(204, body=""))
    post(receiver.address, DOCUMENT)
    assert len(receiver.arrived) == 1


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 413])
def test_what_is_refused_is_told_with_the_answer_and_not_tried_again(
    receiver: Receiver, code: int
) -> None:
    error = refusal(receiver, Answer(code, body="no_team\nat all"))
    assert f"127.0.0.1 answered {code}" in error.problem
    assert error.problem.endswith("no_team at all")
    assert "notifications.json" in error.remedy
    assert not error.passing


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503])
def test_what_may_go_better_later_is_said_to(receiver: Receiver, code: int) -> None:
    assert refusal(receiver, Answer(code)).passing


@pytest.mark.parametrize(
    ("said", "wait_s"),
    [("7", 7.0), ("0.25", 0.25), ("86400", 600.0), ("tomorrow", None), ("-1", None)],
)
def test_the_other_side_may_say_how_long_to_wait(
    receiver: Receiver, said: str, wait_s: float | None
) -> None:
    assert refusal(receiver, Answer(429, {"Retry-After": said})).wait_s == wait_s


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_and_not_followed(receiver: Receiver, code: int) -> None:
    to = {"Location": f"https://other.example:8443/{SECRET}"}
    error = refusal(receiver, Answer(code, to))
    assert "https://other.example" in error.problem
    assert not error.passing
    assert len(receiver.arrived) == 1


def test_an_answer_that_repeats_the_address_does_not_give_it_away(
    receiver: Receiver,
) -> None:
    error = refusal(receiver, Answer(404, body=f"no /services/{SECRET} here"))
    assert "no ... here" in error.problem


def test_a_server_that_says_nothing_is_given_up_in_time(receiver: Receiver) -> None:
    began = time.monotonic()
    error = refusal(receiver, Answer(holds=True), limit_s=0.3)
    assert error.passing
    assert "did not answer" in error.problem
    assert time.monotonic() - began < 10


def test_a_server_that_drips_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/{SECRET}"
        with pytest.raises(NotToldError) as refused:
            _post_while_dripping(listening, address)
    assert refused.value.passing
    assert "within 0.5 s" in refused.value.problem


def _post_while_dripping(listening: socket.socket, address: str) -> None:
    """Answer a letter at a time, each within the time that urllib grants a read."""
    over = Event()

    def drip() -> None:
        connection, _ = listening.accept()
        with connection:
            for letter in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 600:
                if over.wait(0.05):
                    return
                connection.sendall(bytes([letter]))

    thread = Thread(target=drip)
    thread.start()
    try:
        post(address, DOCUMENT, limit_s=0.5)
    finally:
        over.set()
        thread.join()


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotToldError) as refused:
        post(f"http://127.0.0.1:{port}/{SECRET}", DOCUMENT)
    assert refused.value.passing
    assert "127.0.0.1 cannot be reached" in refused.value.problem
    assert "do-not-show" not in str(refused.value)


def test_a_server_that_speaks_something_else_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")

        thread = Thread(target=answer)
        thread.start()
        with pytest.raises(NotToldError) as refused:
            post(f"http://127.0.0.1:{listening.getsockname()[1]}/{SECRET}", DOCUMENT)
        thread.join()
    assert "do-not-show" not in str(refused.value)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate")
def test_a_certificate_that_nobody_here_knows_is_told_and_can_be_made_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    argv = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    argv += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    argv += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(argv, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with receiving(context) as receiver:
        address = f"https://localhost:{receiver.port}/{SECRET}"
        with pytest.raises(NotToldError) as refused:
            post(address, DOCUMENT)
        assert "certificate of localhost is not valid here" in refused.value.problem
        assert "SSL_CERT_FILE" in refused.value.remedy
        assert "do-not-show" not in str(refused.value)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        post(address, DOCUMENT)
        assert len(receiver.arrived) == 1


def test_only_the_host_of_an_address_is_shown() -> None:
    assert host("https://hooks.slack.com/services/T0/B0/x?y=z") == "hooks.slack.com"


class Waits:
    """Waits no time, and notes how long it was asked to."""

    def __init__(self, until: int = 99) -> None:
        self.asked: list[float] = []
        self._until = until

    def __call__(self, seconds: float) -> bool:
        self.asked.append(seconds)
        return len(self.asked) >= self._until


def test_it_is_tried_again_until_it_is_taken(receiver: Receiver) -> None:
    receiver.answers[:] = [Answer(503), Answer(429, {"Retry-After": "40"})]
    waits = Waits()
    assert Webhooks((1.0, 5.0, 30.0)).tell([receiver.address], DOCUMENT, waits) == []
    assert waits.asked == [1.0, 40.0]
    assert len(receiver.arrived) == 3


def test_what_is_refused_for_good_is_tried_once(receiver: Receiver) -> None:
    receiver.answers[:] = [Answer(404)]
    waits = Waits()
    [error] = Webhooks().tell([receiver.address], DOCUMENT, waits)
    assert "404" in error.problem
    assert waits.asked == []


def test_an_address_that_is_down_holds_up_no_other(receiver: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        down = f"http://127.0.0.1:{taken.getsockname()[1]}/x"
    arrived_before_waiting: list[int] = []

    def wait(_seconds: float) -> bool:
        arrived_before_waiting.append(len(receiver.arrived))
        return False

    errors = Webhooks((1.0, 2.0)).tell([down, receiver.address], DOCUMENT, wait)
    assert arrived_before_waiting == [1, 1]
    assert [error.passing for error in errors] == [False]


def test_an_address_that_stays_down_is_tried_once_until_it_answers(
    receiver: Receiver,
) -> None:
    webhooks = Webhooks((1.0, 2.0))
    receiver.answers[:] = [Answer(500)] * 4
    waits = Waits()
    webhooks.tell([receiver.address], DOCUMENT, waits)
    assert len(receiver.arrived) == 3
    webhooks.tell([receiver.address], DOCUMENT, waits)
    assert (len(receiver.arrived), len(waits.asked)) == (4, 2)
    assert webhooks.tell([receiver.address], DOCUMENT, waits) == []
    receiver.answers[:] = [Answer(500)]
    assert webhooks.tell([receiver.address], DOCUMENT, waits) == []
    assert len(waits.asked) == 3


def test_tries_end_when_there_is_no_more_time(receiver: Receiver) -> None:
    receiver.answers[:] = [Answer(500)] * 9
    [error] = Webhooks().tell([receiver.address], DOCUMENT, Waits(until=1))
    assert error.passing
    assert len(receiver.arrived) == 1
