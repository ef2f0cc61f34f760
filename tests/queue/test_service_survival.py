"""Killing anything on the way, and going on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing

import psutil
import pytest

from lrc_toolbox.jobs.commands import StopService
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import FailureClass
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.jobs.states import AttemptState, JobState
from lrc_toolbox.queue import RenderQueue
from lrc_toolbox.running.launching import ServiceEndedError
from lrc_toolbox.store.sqlite_file import SqliteStore

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


def live_attempts(queue: RenderQueue, job: int):
    return [attempt for task in queue.tasks(job) for attempt in task.attempts]


def kill_service(queue: RenderQueue) -> None:
    pid = queue.service_status().pid
    assert pid is not None
    os.kill(pid, KILL)
    psutil.Process(pid).wait(timeout=10) if psutil.pid_exists(pid) else None


def test_renders_outlive_the_client_that_asked_for_them(home, submit, queue, tmp_path):
    code = (
        "import sys; from lrc_toolbox.queue import RenderQueue;"
        "from lrc_toolbox.jobs.submission import Submission;"
        "queue = RenderQueue(sys.argv[1]);"
        "print(queue.submit(Submission.load(sys.argv[2])), flush=True);"
        "import os; os._exit(0)"
    )
    template = submit(frames="99")
    queue.wait(template, timeout=60)
    asked = queue.job(template).record.submission.model_copy(update={"frames": "1-3"})
    asked.save(tmp_path / "job.json")
    argv = [sys.executable, "-c", code, str(home), str(tmp_path / "job.json")]
    job = int(subprocess.run(argv, check=True, capture_output=True, text=True).stdout)
    assert queue.wait(job, timeout=60).state is JobState.DONE


def test_a_killed_service_comes_back_to_its_processes_and_loses_no_frame(
    queue, submit, until, begun, tmp_path
):
    job = submit("wait_for('go'); write()", frames="1-4")
    until(lambda: len(begun()) == 2)
    before = {attempt.id: attempt.pid for attempt in live_attempts(queue, job)}
    kill_service(queue)
    with RenderQueue(queue.home.folder) as other:
        other.resume()
        until(lambda: other.service_status().running)
        assert {a.id: a.pid for a in live_attempts(other, job)} == before
        (tmp_path / "go").touch()
        assert other.wait(job, timeout=60).state is JobState.DONE
    assert sorted(begun()) == [1, 2, 3, 4]


def test_who_waits_for_a_job_starts_a_killed_service_again(
    queue, submit, until, begun, tmp_path
):
    job = submit("wait_for('go'); write()", frames="1-3")
    until(lambda: len(begun()) == 2)
    kill_service(queue)
    (tmp_path / "go").touch()
    assert queue.wait(job, timeout=60).state is JobState.DONE


def test_processes_that_end_while_no_service_runs_are_proved_not_repeated(
    queue, submit, until, begun, tmp_path
):
    job = submit("wait_for('go'); write()", frames="1-2")
    until(lambda: len(begun()) == 2)
    pids = [attempt.pid for attempt in live_attempts(queue, job)]
    kill_service(queue)
    (tmp_path / "go").touch()
    until(lambda: not any(running(pid) for pid in pids))
    queue.resume()
    assert queue.wait(job, timeout=60).state is JobState.DONE
    assert sorted(begun()) == [1, 2]
    assert {a.state for a in queue.attempts(job)} == {AttemptState.LOST}


def running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_frame_whose_process_is_killed_is_rendered_again(
    queue, submit, until, begun, tmp_path
):
    job = submit("wait_for('go'); write()", frames="1-2")
    until(lambda: len(begun()) == 2)
    (victim, _) = live_attempts(queue, job)
    os.kill(victim.pid, KILL)
    until(lambda: len(begun()) == 3)
    (tmp_path / "go").touch()
    assert queue.wait(job, timeout=60).state is JobState.DONE
    retried = [
        event for event in queue.follow(job) if event.kind is EventKind.FRAME_RETRIED
    ]
    assert len(retried) == 1
    assert "ended with" in retried[0].text


def test_a_second_service_says_so_and_leaves(queue, submit, home):
    queue.wait(submit(frames="1"), timeout=60)
    argv = [sys.executable, "-m", "lrc_toolbox.running"]
    second = subprocess.run(
        [*argv, "--home", str(home), "--wait", "0"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 3
    assert "Another service runs" in second.stderr
    assert queue.service_status().running


def test_a_long_folder_for_temporary_files_is_no_hindrance(
    queue, submit, tmp_path, monkeypatch
):
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    monkeypatch.setenv("TMPDIR", str(deep))
    assert queue.wait(submit(frames="1"), timeout=60).state is JobState.DONE


def test_a_service_that_cannot_begin_is_an_error_not_an_endless_wait(
    queue, submit, monkeypatch
):
    monkeypatch.setenv("LRC_SLOTS", "many")
    job = submit(frames="1")
    with pytest.raises(ServiceEndedError, match="LRC_SLOTS is 'many'"):
        queue.wait(job, timeout=60)
    monkeypatch.setenv("LRC_SLOTS", "2")
    queue.resume()
    assert queue.wait(job, timeout=60).state is JobState.DONE


def test_an_idle_service_ends_by_itself_and_the_next_job_starts_another(
    queue, submit, until, monkeypatch
):
    monkeypatch.setenv("LRC_IDLE_S", "0.2")
    assert queue.wait(submit(frames="1"), timeout=60).state is JobState.DONE
    until(lambda: not queue.service_status().running)
    assert queue.wait(submit(frames="2"), timeout=60).state is JobState.DONE


def test_stopping_the_service_leaves_frames_for_the_next_one(
    queue, submit, until, begun, tmp_path
):
    job = submit("wait_for('go'); write()", frames="1-2")
    until(lambda: len(begun()) == 2)
    pids = [attempt.pid for attempt in live_attempts(queue, job)]
    assert queue.stop_service()
    assert not any(running(pid) for pid in pids)
    assert queue.job(job).state is JobState.WAITING
    (tmp_path / "go").touch()
    queue.resume()
    assert queue.wait(job, timeout=60).state is JobState.DONE


@pytest.mark.parametrize(
    ("does", "kind", "words"),
    [
        ("sys.exit(3)", FailureClass.CRASH, "exit code 3"),
        ("os.abort()", FailureClass.CRASH, "signal 6"),
        ("pass", FailureClass.OUTPUT_MISSING, "not written"),
        ("open(output, 'wb').close()", FailureClass.OUTPUT_BROKEN, "empty"),
        (
            "open(output, 'wb').write(open(picture, 'rb').read()[:200])",
            FailureClass.OUTPUT_BROKEN,
            ".exr",
        ),
        ("time.sleep(600)", FailureClass.STALLED, "No output"),
    ],
    ids=["exits", "aborts", "writes nothing", "empty", "truncated", "hangs"],
)
def test_a_frame_that_goes_wrong_says_how(queue, submit, does, kind, words):
    stall_s = 1.0 if kind is FailureClass.STALLED else 600
    job = submit(does, frames="1", retries=0, stall_s=stall_s)
    assert queue.wait(job, timeout=60).state is JobState.FAILED
    [frame] = queue.frames(TaskId(job, 1))
    assert frame.failure.kind is kind
    assert words in frame.failure.message


@pytest.mark.parametrize(
    "does",
    [
        "sys.stdout.buffer.write(bytes(range(128, 256)) * 9); write()",
        "sys.stdout.write('no newline ' * 50_000 + ' 70%'); write()",
        'sys.stdout.write(\'{"lrc":"frame_finished"}\\n{"lrc":[]}\\n\'); write()',
        'sys.stdout.write(\'{"lrc":"frame_finished","task":"9.9","frame":1,'
        '"seconds":1}\\n\'); write()',
    ],
    ids=["not UTF-8", "no newline", "nonsense events", "events of another task"],
)
def test_odd_output_does_no_harm(queue, submit, does):
    job = submit(does, frames="1-2", retries=0)
    assert queue.wait(job, timeout=60).state is JobState.DONE


def test_a_flood_of_output_is_read_to_its_end(queue, submit):
    does = (
        "line = b'00:00:01  120MB | a line of no interest\\n' * 23_000\n"
        "for _ in range(100): sys.stdout.buffer.write(line)\n"
        "write()"
    )
    job = submit(does, frames="1", retries=0)
    assert queue.wait(job, timeout=120).state is JobState.DONE
    [attempt] = queue.attempts(job)
    assert attempt.log_read > 90_000_000
    service = psutil.Process(queue.service_status().pid)
    assert service.memory_info().rss < 300 * 1024 * 1024


def test_a_grandchild_that_lives_on_holds_nothing_up_and_is_ended(
    queue, submit, tmp_path
):
    does = (
        "import subprocess; write(); code = 'import time; time.sleep(600)';"
        "child = subprocess.Popen([sys.executable, '-c', code]);"
        "open(folder + '/child', 'w').write(str(child.pid))"
    )
    job = submit(does, frames="1")
    assert queue.wait(job, timeout=60).state is JobState.DONE
    assert not running(int((tmp_path / "child").read_text()))


def test_a_program_that_has_gone_fails_the_job_in_words(queue, submit, tmp_path):
    program = tmp_path / "renderer"
    shutil.copy(sys.executable, program)
    queue.pause()
    job = submit(command=(str(program), "<output>", "<frame>"), frames="1-50")
    program.unlink()
    queue.resume()
    view = queue.wait(job, timeout=60)
    assert view.state is JobState.FAILED
    assert str(program) in view.reason


def test_a_service_passes_over_what_was_to_end_the_one_before_it(queue, submit, home):
    home.mkdir(exist_ok=True)
    with closing(SqliteStore(home / "queue.sqlite")) as store:
        store.append([StopService(pid=1)], time.time())
    job = submit(frames="1-3")
    assert queue.wait(job, timeout=60).state is JobState.DONE
    assert queue.service_status().running
