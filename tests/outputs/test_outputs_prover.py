from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.pictures import ExpectedPicture, PictureLook
from lrc_toolbox.outputs.messages import (
    READY,
    Request,
    proof_line,
    read_proof,
    read_request,
    request_line,
)
from lrc_toolbox.outputs.proof import Proof
from lrc_toolbox.outputs.prover_client import Prover

LIMIT_S = 60.0
Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def _needs(oiio: Any) -> None:
    """Every test here decodes."""


class Results:
    """What a prover delivered, in order."""

    def __init__(self) -> None:
        self._queue: queue.Queue[tuple[Any, Proof]] = queue.Queue()
        self.prover: Prover[Any] = Prover(self._take)

    def _take(self, key: Any, proof: Proof) -> None:
        self._queue.put((key, proof))

    def next(self) -> tuple[Any, Proof]:
        return self._queue.get(timeout=LIMIT_S)

    def ask(self, key: Any, path: Path, thumbnail: str | None = None) -> None:
        pattern = str(path).replace("0001", "####")
        picture = ExpectedPicture(pattern, 0, 0, ())
        self.prover.ask(key, [picture], 1, thumbnail)


def proved(path: Path, times: int = 1) -> Proof:
    look = PictureLook(times * path.stat().st_size)
    return Proof(picture=str(path), look=look)


@pytest.fixture
def results() -> Iterator[Results]:
    made = Results()
    yield made
    made.prover.close()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, write_picture: Write) -> Path:
    """A picture that takes some 80 ms to decode."""
    np = pytest.importorskip("numpy")
    noise = np.random.default_rng(1).random((1080, 1920, 4), np.float32)
    path = tmp_path_factory.mktemp("large") / "large.0001.exr"
    return write_picture(path, noise, compression="piz")


def ask_long(results: Results, large: Path, times: int) -> psutil.Process:
    """Ask for one frame of many large pictures; return the child at work on it."""
    pattern = str(large).replace("0001", "####")
    results.prover.ask("long", [ExpectedPicture(pattern, 0, 0, ())] * times, 1, None)
    return decoding_child()


def decoding_child() -> psutil.Process:
    """The child that has the large picture open, once there is one."""
    pause = threading.Event()
    for _ in range(int(LIMIT_S / 0.005)):
        process = child()
        with contextlib.suppress(psutil.Error):
            if any("large" in opened.path for opened in process.open_files()):
                return process
        pause.wait(0.005)
    raise AssertionError("no child opened the picture")


def children() -> list[psutil.Process]:
    """The provers this test process has started that still run."""
    found = []
    for process in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if "lrc_toolbox.outputs.prover" in process.cmdline():
                found.append(process)
    return found


def child() -> psutil.Process:
    """The prover this test process has started, once there is one."""
    pause = threading.Event()
    for _ in range(int(LIMIT_S / 0.01)):
        if found := children():
            return found[0]
        pause.wait(0.01)
    raise AssertionError("no prover was started")


def wait_gone(process: psutil.Process) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.wait(LIMIT_S)


# -- the messages ---------------------------------------------------------------------
def test_requests_and_answers_survive_the_way() -> None:
    picture = ExpectedPicture("/r/ä b\n/日本.####.exr", 640, 0, ("R", "Z"))
    request = Request((picture, picture), -3, None)
    assert read_request(request_line(request)) == request
    assert request_line(request).count(b"\n") == 1
    for proof in (
        Proof(notes=("ü", "b"), picture="/ä.exr", thumbnail="/t.jpg"),
        Proof(picture="/ä.exr", look=PictureLook(1 << 40, 0.25, 1.0)),
        Proof(Failure(FailureClass.OUTPUT_BROKEN, "x.exr is empty.")),
    ):
        assert read_proof(proof_line(proof)) == proof


def test_half_an_answer_is_refused() -> None:
    with pytest.raises(ValueError):
        read_proof(proof_line(Proof())[:-5])


# -- the process ----------------------------------------------------------------------
def start(*, without: str = "") -> subprocess.Popen[bytes]:
    program = ["-m", "lrc_toolbox.outputs.prover"]
    if without:
        program = [
            "-c",
            f"import sys; sys.modules[{without!r}] = None\n"
            "from lrc_toolbox.outputs.prover import main; main()",
        ]
    return subprocess.Popen(
        [sys.executable, *program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_the_process_answers_in_order_and_ends_with_its_input(
    tmp_path: Path, write_picture: Write
) -> None:
    write_picture(tmp_path / "p.0001.exr")
    asked = ExpectedPicture(str(tmp_path / "p.####.exr"), 320, 180)
    lines = [request_line(Request((asked,), frame, None)) for frame in (1, 2, 1)]
    with start() as process:
        written, _ = process.communicate(b"".join(lines), timeout=LIMIT_S)
    ready, *answers = written.splitlines(keepends=True)
    assert ready == READY
    found = [read_proof(line).failure for line in answers]
    assert found[0] is None
    assert found[1] is not None
    assert found[1].kind is FailureClass.OUTPUT_MISSING
    assert found[2] is None
    assert process.returncode == 0


def test_without_openimageio_every_answer_names_the_remedy(tmp_path: Path) -> None:
    asked = ExpectedPicture(str(tmp_path / "p.####.exr"), 320, 180)
    line = request_line(Request((asked,), 1, None))
    with start(without="OpenImageIO") as process:
        written, _ = process.communicate(line * 2, timeout=LIMIT_S)
    for answer in written.splitlines(keepends=True)[1:]:
        failure = read_proof(answer).failure
        assert failure is not None
        assert failure.kind is FailureClass.OTHER
        assert 'pip install "lrc-toolbox[review]"' in failure.message


def test_a_proof_that_goes_wrong_is_answered_and_the_process_goes_on() -> None:
    wrong = ExpectedPicture("a pattern without a place for the frame", 0, 0)
    line = request_line(Request((wrong,), 1, None))
    with start() as process:
        written, _ = process.communicate(line * 2, timeout=LIMIT_S)
    answers = written.splitlines(keepends=True)[1:]
    assert len(answers) == 2
    failure = read_proof(answers[1]).failure
    assert failure is not None
    assert failure.kind is FailureClass.OTHER
    assert "ValueError" in failure.message


# -- the client -----------------------------------------------------------------------
def test_results_come_in_the_order_of_asking(
    tmp_path: Path, write_picture: Write, results: Results
) -> None:
    path = write_picture(tmp_path / "p.0001.exr")
    for key in range(20):
        results.ask(key, path if key % 2 else tmp_path / "missing.0001.exr")
    delivered = [results.next() for _ in range(20)]
    assert [key for key, _ in delivered] == list(range(20))
    assert [proof.failure is None for _, proof in delivered] == [False, True] * 10


def test_the_thumbnail_is_written_by_the_child(
    tmp_path: Path, write_picture: Write, results: Results
) -> None:
    target = tmp_path / "thumbnails" / "p.jpg"
    results.ask(1, write_picture(tmp_path / "p.0001.exr"), str(target))
    key, proof = results.next()
    assert key == 1
    assert proof.thumbnail == str(target)
    assert target.stat().st_size > 0


def test_one_child_serves_many_requests_and_starts_when_asked(
    tmp_path: Path, write_picture: Write, results: Results
) -> None:
    assert children() == []
    path = write_picture(tmp_path / "p.0001.exr")
    results.ask(1, path)
    results.next()
    first = child()
    results.ask(2, path)
    results.next()
    assert child() == first


def test_a_warm_prover_runs_before_anything_is_asked(results: Results) -> None:
    results.prover.warm()
    assert child().is_running()


def test_a_resting_prover_has_no_child_and_starts_another_one(
    tmp_path: Path, write_picture: Write, results: Results
) -> None:
    path = write_picture(tmp_path / "p.0001.exr")
    results.ask(1, path)
    results.next()
    process = child()
    results.prover.rest()
    wait_gone(process)
    results.ask(2, path)
    assert results.next() == (2, proved(path))


def test_a_child_killed_between_requests_costs_nothing(
    tmp_path: Path, write_picture: Write, results: Results
) -> None:
    path = write_picture(tmp_path / "p.0001.exr")
    results.ask(1, path)
    results.next()
    process = child()
    process.kill()
    results.ask(2, path)
    assert results.next() == (2, proved(path))


def test_a_child_killed_at_its_start_costs_nothing(
    tmp_path: Path, write_picture: Write, results: Results
) -> None:
    path = write_picture(tmp_path / "p.0001.exr")
    results.ask(1, path)
    child().kill()
    assert results.next() == (1, proved(path))


def test_a_child_killed_once_while_decoding_says_nothing_about_the_picture(
    large: Path, results: Results
) -> None:
    ask_long(results, large, times=10).kill()
    assert results.next() == ("long", proved(large, times=10))


def test_the_picture_on_which_every_child_dies_is_broken_and_others_are_not(
    tmp_path: Path, large: Path, write_picture: Write, results: Results
) -> None:
    first = ask_long(results, large, times=500)
    path = write_picture(tmp_path / "p.0001.exr")
    results.ask("next", path)
    first.kill()
    wait_gone(first)
    decoding_child().kill()
    key, proof = results.next()
    assert key == "long"
    assert proof.failure is not None
    assert proof.failure.kind is FailureClass.OUTPUT_BROKEN
    expected = "The decoder crashed (signal 9) on large.0001.exr"
    assert proof.failure.message.startswith(expected)
    assert results.next() == ("next", proved(path))


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs SIGSTOP")
def test_a_child_that_hangs_is_ended_and_the_next_request_answered(
    tmp_path: Path, write_picture: Write
) -> None:
    results = Results()
    results.prover.close()
    results.prover = Prover(results._take, patience_s=2)
    path = write_picture(tmp_path / "p.0001.exr")
    try:
        results.ask(1, path)
        results.next()
        child().send_signal(signal.SIGSTOP)
        results.ask(2, path)
        results.ask(3, path)
        key, proof = results.next()
        assert key == 2
        assert proof.failure == Failure(
            FailureClass.OUTPUT_BROKEN,
            "The decoder took too long and was ended on p.0001.exr.",
        )
        assert results.next() == (3, proved(path))
    finally:
        results.prover.close()


def test_closing_ends_the_child_and_answers_nothing_more(large: Path) -> None:
    results = Results()
    process = ask_long(results, large, times=5000)  # minutes
    results.ask("never", large)
    closing = threading.Thread(target=results.prover.close, daemon=True)
    closing.start()
    closing.join(LIMIT_S / 2)
    assert not closing.is_alive()
    assert not process.is_running()
    assert results._queue.empty()


def test_closing_from_the_prover_s_own_thread_does_not_wait_for_itself(
    tmp_path: Path,
) -> None:
    closed = threading.Event()

    def close(_: int, __: Proof) -> None:
        prover.close()
        closed.set()

    prover: Prover[int] = Prover(close)
    prover.ask(1, [ExpectedPicture(str(tmp_path / "p.####.exr"), 0, 0)], 1, None)
    assert closed.wait(LIMIT_S)
    prover._thread.join(LIMIT_S)
    assert children() == []


def test_the_child_dies_with_a_service_that_is_killed() -> None:
    program = (
        "import psutil, threading\n"
        "from lrc_toolbox.outputs.prover_client import Prover\n"
        "prover = Prover(lambda key, proof: print(\n"
        "    psutil.Process().children()[0].pid, flush=True))\n"
        "prover.ask(1, [], 1, None)\n"
        "threading.Event().wait()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as service:
        assert service.stdout is not None
        prover = psutil.Process(int(service.stdout.readline()))
        service.kill()
        wait_gone(prover)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs /proc")
def test_the_child_decodes_in_one_thread(large: Path, results: Results) -> None:
    results.prover.warm()
    process = child()
    ask_long(results, large, times=5)
    results.next()
    busy = [t for t in process.threads() if t.user_time + t.system_time > 0.1]
    assert len(busy) == 1
