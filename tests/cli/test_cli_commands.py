"""`lrc` in child processes, on a queue and a service of their own."""

from __future__ import annotations

import io
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Lrc, wait_until


def test_the_version_is_told(lrc: Lrc) -> None:
    told = lrc.run("--version")
    assert told.returncode == 0
    assert told.stdout.startswith("lrc ")
    assert set(lrc.json("--version")) == {"version", "python"}


def test_lrc_alone_shows_its_commands(lrc: Lrc) -> None:
    told = lrc.here()
    assert told.returncode == 0
    assert {"render", "submit", "queue", "watch"} <= set(told.stdout.split())


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        (["rendr", "a.ma"], "render"),
        (["render", "a.ma", "--layer", "x"], "--layers"),
        (["queue", "--state", "runing"], "running"),
    ],
)
def test_a_mistyped_word_names_the_nearest(
    lrc: Lrc, typed: list[str], nearest: str
) -> None:
    told = lrc.here(*typed)
    assert told.returncode == 2
    assert nearest in told.stderr
    assert "Traceback" not in told.stderr
    assert told.stdout == ""


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        (["render", "a.ma", "--layer", "x"], "usage"),
        (["priority", "1", "500"], "usage"),
        (["remove"], "usage"),
        (["queue", "999"], "unknown_job"),
        (["log", "999"], "unknown_job"),
        (["log", "x.y"], "wrong_reference"),
        (["queue", "--state", "x"], "unknown_state"),
        (["render", "missing.ma"], "submission"),
        (["render", "missing.json"], "submission"),
        (["render", "a.ma", "b.ma"], "one_job"),
        (["retry", "999", "--frames", "10-"], "frame_range"),
    ],
)
def test_an_error_under_json_is_one_document(
    lrc: Lrc, typed: list[str], kind: str
) -> None:
    told = lrc.here(*typed, "--json")
    assert told.returncode == 2
    assert told.stderr == ""
    error = json.loads(told.stdout)["error"]
    assert error["kind"] == kind
    assert error["message"]


def test_everything_wrong_with_a_submission_is_told_at_once(lrc: Lrc) -> None:
    error = lrc.json("submit", lrc.job_file, "--priority", 900, "--resolution", "huge")[
        "error"
    ]
    problems = [error, *error["others"]]
    options = {problem["message"].split(":")[0] for problem in problems}
    assert options == {"--priority", "--resolution"}
    told = lrc.here("submit", lrc.job_file, "--priority", 900, "--resolution", "huge")
    assert told.stderr.count("It must be") == 2


def test_a_dry_run_tells_the_tasks_and_queues_nothing(lrc: Lrc) -> None:
    before = lrc.json("queue", "--all")["jobs"]
    told = lrc.here("submit", lrc.job_file, "--dry-run", "--frames", "1-10x3")
    assert told.returncode == 0
    assert "2 tasks, 8 frames" in told.stdout
    assert "beauty through persp, frames 1-10x3" in told.stdout
    (plan,) = lrc.json("render", lrc.job_file, "--dry-run")["submissions"]
    assert [task["layer"] for task in plan["tasks"]] == ["beauty", "matte"]
    assert lrc.json("queue", "--all")["jobs"] == before


def test_render_into_a_pipe_prints_plain_lines_and_proved_pictures(lrc: Lrc) -> None:
    name = "Häuser \x1b[2J"
    told = lrc.run("render", lrc.job_file, "--name", name, FORCE_COLOR="1")
    assert told.returncode == 0, told.stderr
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", told.stdout)
    done = re.findall(r"(\w+) frame (\d) is done: (.+)", told.stdout)
    assert {(layer, frame) for layer, frame, _ in done} == {
        (layer, frame) for layer in ("beauty", "matte") for frame in "123"
    }
    assert all(Path(picture).is_file() for *_, picture in done)
    assert told.stdout.splitlines()[-1] == f"Pictures: {lrc.output}"


def test_render_as_json_is_an_event_a_line_and_ends_with_the_result(lrc: Lrc) -> None:
    told = lrc.run("render", lrc.job_file, "--json")
    assert (told.returncode, told.stderr) == (0, "")
    events = [json.loads(line) for line in told.stdout.splitlines()]
    kinds = [event["event"] for event in events]
    assert kinds[0] == "job_submitted"
    assert kinds.count("frame_proved") == 6
    assert kinds[-1] == "result"
    result = events[-1]
    assert (result["exit_code"], result["job"]["state"]) == (0, "done")
    assert [task["progress"]["done"] for task in result["tasks"]] == [3, 3]
    numbers = [event["seq"] for event in events if "seq" in event]
    assert numbers == sorted(set(numbers))


def test_a_frame_given_up_is_told_with_its_reason_and_rendered_again(lrc: Lrc) -> None:
    lrc.crash_on(2)
    told = lrc.here("render", lrc.job_file, "--layers", "beauty")
    assert told.returncode == 1
    (number,) = set(re.findall(r"job (\d+) failed", told.stdout))
    assert re.search(rf"{number}\.1 beauty, frame 2: \S", told.stdout)

    shown = lrc.json("queue", number)
    (failed,) = shown["failed_frames"]
    assert (failed["frames"], failed["task"]) == ("2", f"{number}.1")
    log = lrc.here("log", number)
    assert "signal caught" in log.stdout
    assert r"caf\xe9 \x1b[2J" in log.stdout or r"café \x1b[2J" in log.stdout

    lrc.crash_on()
    assert lrc.here("retry", f"{number}.1").returncode == 0
    assert lrc.here("watch", number).returncode == 0
    assert lrc.json("queue", number)["failed_frames"] == []


def test_chosen_frames_are_rendered_again_though_they_are_proved(lrc: Lrc) -> None:
    number = lrc.submit("--layers", "beauty")
    assert lrc.here("watch", number).returncode == 0
    picture = lrc.output / "beauty" / "persp" / "shot.0003.exr"
    picture.unlink()
    assert lrc.json("retry", number, "--task", 1, "--frames", 3)["frames"] == "3"
    assert lrc.here("watch", number).returncode == 0
    assert picture.is_file()


def test_jobs_are_listed_steered_and_removed(lrc: Lrc) -> None:
    lrc.let_render(False)
    first, second = lrc.submit("--name", "first"), lrc.submit("--name", "家 second")
    assert lrc.here("priority", second, 90).returncode == 0
    assert lrc.here("pause", second).returncode == 0
    jobs = {
        job["id"]: job
        for job in lrc.json("queue", "--state", "waiting,running")["jobs"]
    }
    assert {first, second} <= set(jobs)
    assert (jobs[second]["priority"], jobs[second]["paused"]) == (90, True)
    table = lrc.here("queue").stdout
    assert re.search(rf"{second} 家 second +paused", table)
    assert "resume it to go on" in table
    assert lrc.here("resume", second).returncode == 0
    assert lrc.json("cancel", first, second)["jobs"] == [first, second]
    assert [lrc.here("watch", job).returncode for job in (first, second)] == [3, 3]
    assert "has ended already: cancelled" in lrc.here("cancel", first).stdout
    assert lrc.here("remove", first).returncode == 0
    assert lrc.here("queue", first).returncode == 2
    assert second in lrc.json("remove", "--finished")["jobs"]
    wait_until(lambda: second not in [j["id"] for j in lrc.json("queue")["jobs"]])


def test_one_unknown_job_among_several_changes_nothing(lrc: Lrc) -> None:
    lrc.let_render(False)
    number = lrc.submit()
    assert lrc.here("cancel", number, 99999).returncode == 2
    (job,) = (j for j in lrc.json("queue")["jobs"] if j["id"] == number)
    assert job["state"] != "cancelled"
    lrc.here("cancel", number)
    assert lrc.here("watch", number).returncode == 3


def test_a_paused_queue_says_so_and_goes_on(lrc: Lrc) -> None:
    assert lrc.here("pause").returncode == 0
    number = lrc.submit("--frames", 1)
    wait_until(lambda: lrc.json("queue")["queue"]["paused"])
    assert "queue is paused" in lrc.here("queue").stdout
    assert lrc.here("resume").returncode == 0
    assert lrc.here("watch", number).returncode == 0


def test_the_service_is_shown_and_ended_and_comes_back(lrc: Lrc) -> None:
    lrc.submit("--frames", 1)
    wait_until(lambda: bool(lrc.json("service", "status")["service"]["running"]))
    assert lrc.json("service", "stop")["service"]["running"] is False
    assert "No service runs" in lrc.here("service", "status").stdout
    assert lrc.here("render", lrc.job_file, "--frames", 1).returncode == 0


def test_a_log_is_followed_until_its_job_has_ended(lrc: Lrc) -> None:
    lrc.let_render(False)
    number = lrc.submit("--layers", "beauty", "--frames", "1-2")
    wait_until(lambda: lrc.here("log", number).returncode == 0)
    follower = lrc.start("log", number, "-f", "--json")
    assert follower.stdout is not None
    first = json.loads(follower.stdout.readline())
    assert (first["event"], first["line"][:9]) == ("log_line", "10% done:")
    lrc.let_render()
    rest, errors = follower.communicate(timeout=60)
    lines = [json.loads(line)["line"] for line in rest.splitlines()]
    # Each frame has a place, and which process is through first is anybody's guess.
    assert sorted(line for line in lines if line.startswith("90%")) == [
        "90% done: frame 1 of beauty",
        "90% done: frame 2 of beauty",
    ]
    assert (follower.returncode, errors) == (0, "")


def test_a_job_without_a_log_says_why(lrc: Lrc) -> None:
    lrc.let_render(False)
    number = lrc.submit()
    waiting = lrc.submit("--after", number)
    told = lrc.here("log", waiting)
    assert told.returncode == 2
    assert f"It waits for job {number}" in told.stderr
    assert lrc.here("cancel", waiting, number).returncode == 0


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_names_that_an_encoding_lacks_crash_nothing(lrc: Lrc, encoding: str) -> None:
    named = ("--name", "家 Häuser", "--layers", "Häuser 家")
    number = lrc.submit("--frames", 1, *named)
    for typed in (["watch", number], ["queue"], ["queue", number]):
        file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        assert lrc.here(*typed, out=file).returncode == 0
        file.seek(0)
        assert "user" in file.read()


@pytest.mark.parametrize(
    "typed", [["schema"], ["queue"], ["queue", "99999", "--json"]], ids=" ".join
)
def test_a_reader_that_goes_away_is_no_error(lrc: Lrc, typed: list[str]) -> None:
    process = lrc.start(*typed)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 141


def test_the_schema_describes_what_submit_takes(lrc: Lrc) -> None:
    schema = lrc.json("schema")
    assert {"scene", "layers", "output_folder"} <= set(schema["properties"])


def test_the_state_folder_can_be_named(lrc: Lrc, tmp_path: Path) -> None:
    home = tmp_path / "other home"
    status = lrc.json("--home", home, "service", "status")["service"]
    assert status == {
        "running": False,
        "home": str(home),
        "pid": None,
        "since": None,
        "slots": None,
    }


def test_a_state_folder_that_cannot_be_one_is_told(lrc: Lrc) -> None:
    error = lrc.json("--home", lrc.job_file, "queue")["error"]
    assert error["kind"] == "home"
    assert str(lrc.job_file) in error["message"]


def test_a_fault_is_written_down_and_told_in_one_sentence(lrc: Lrc) -> None:
    # There is no honest way to make lrc fail in a way that nobody foresaw.
    broken = (
        "from lrc_toolbox.cli import listing, main\n"
        "listing.show_queue = lambda *_: 1 / 0\n"
        "raise SystemExit(main.main(['queue']))\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", broken],
        capture_output=True,
        encoding="utf-8",
        env=lrc.environment(),
        timeout=60,
    )
    faults = lrc.home / "lrc-faults.log"
    assert told.returncode == 70
    assert "Traceback" not in told.stderr
    assert str(faults) in told.stderr
    assert "ZeroDivisionError" in faults.read_text(encoding="utf-8")


def test_the_whole_queue_is_watched_until_ctrl_c(lrc: Lrc) -> None:
    watcher = lrc.start("watch", "--json")
    assert watcher.stdout is not None
    assert json.loads(watcher.stdout.readline())["event"] == "queue_progress"
    number = lrc.submit("--frames", 1, "--layers", "beauty")
    seen = []
    while "job_done" not in seen:
        event = json.loads(watcher.stdout.readline())
        if event.get("job") == number:
            seen.append(event["event"])
    assert "frame_proved" in seen
    watcher.send_signal(signal.SIGINT)
    _, errors = watcher.communicate(timeout=30)
    assert (watcher.returncode, errors) == (130, "")


def test_the_package_itself_is_the_command(lrc: Lrc) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "lrc_toolbox", "--version"],
        capture_output=True,
        encoding="utf-8",
        env=lrc.environment(),
        timeout=60,
    )
    assert (told.returncode, told.stdout[:4]) == (0, "lrc ")
