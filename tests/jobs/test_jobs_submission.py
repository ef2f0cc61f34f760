"""Submissions: what is taken, what is refused in which words, and their files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.submission import _MUST_BE, Submission, SubmissionError

REPOSITORY = Path(__file__).resolve().parents[2]

FULL: dict[str, Any] = {
    "schema_version": 1,
    "scene": "/shots/sh010/light.ma",
    "layers": ["beauty", "rs_shadow"],
    "cameras": ["renderCam"],
    "frames": "1001-1100x5",
    "keep_ends": False,
    "order": "preview_first",
    "existing": "unchanged",
    "engine": "command",
    "renderer": "arnold",
    "resolution": [1920, 1080],
    "percent": None,
    "output_folder": "/renders/sh010",
    "prefix": "<Scene>/<RenderLayer>/v001_<Camera>",
    "formats": ["png", "exr"],
    "priority": 75,
    "cpu_threads": 8,
    "gpu": "GPU-8a0c2f1e-1234-5678-9abc-def012345678",
    "chunk_size": 10,
    "retries": 3,
    "stall_s": 600.5,
    "frame_limit_s": 3600.0,
    "memory_limit_mib": 32000,
    "stop_after": 5,
    "pause_when_odd": True,
    "depends_on": [3, 4],
    "frames_after": [5],
    "layers_after": {"rs_shadow": ["beauty"]},
    "name": "sh010 \u00e9clairage",
    "note": "for dailies \u2013 \u65e5\u672c",
    "user": "ada",
    "notify": {
        "events": ["failed"],
        "desktop": False,
        "command": ["tell", "<name>", "<state>"],
        "webhooks": ["https://hooks.example/T0/B0/secret"],
    },
    "samples": 64,
    "command": ["Render", "-s", "<start>", "<scene>"],
}


def submission(**fields: Any) -> Submission:
    return Submission(**{"scene": "/s/a.ma", "output_folder": "/o", **fields})


def refusal(**fields: Any) -> SubmissionError:
    with pytest.raises(SubmissionError) as refused:
        submission(**fields)
    return refused.value


def test_a_file_keeps_every_field_as_it_was(tmp_path: Path) -> None:
    assert set(FULL) == set(Submission.model_fields)
    full = Submission.from_json(FULL)
    full.save(tmp_path / "sh010.json")
    assert Submission.load(tmp_path / "sh010.json") == full
    assert json.loads((tmp_path / "sh010.json").read_text("utf-8")) == FULL
    assert [path.name for path in tmp_path.iterdir()] == ["sh010.json"]


def test_little_needs_to_be_said() -> None:
    short = submission()
    assert (short.title, short.engine, short.priority) == ("a", "preview", 50)
    assert short.frame_range is None
    assert short.user
    assert Submission.from_json(short.model_dump_json()) == short
    assert len({short, submission()}) == 1


def test_a_name_is_shown_instead_of_the_scene() -> None:
    assert submission(name="hero").title == "hero"
    assert submission(scene=r"C:\shots\light.v2.ma").title == "light.v2"


def test_kept_ends_are_a_matter_of_the_submission() -> None:
    assert submission(frames="1-10x5").frame_range == FrameRange.of([1, 6, 10])
    plain = submission(frames="1-10x5", keep_ends=False)
    assert plain.frame_range == FrameRange.of([1, 6])


def test_relative_paths_count_from_where_it_is_submitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("USERPROFILE", "/home/ada")
    given = submission(scene="a/../light.ma", output_folder="~/renders")
    assert given.scene == str(Path.cwd() / "light.ma")
    assert Path(given.output_folder) == Path("/home/ada/renders")


@pytest.mark.parametrize(
    "path", ["/o/a.ma", r"C:\o\a.ma", "D:/o/a.ma", r"\\nas\o\a.ma"]
)
def test_a_path_absolute_on_any_system_stays_as_it_is(path: str) -> None:
    assert submission(scene=path).scene == path


def test_names_given_twice_count_once() -> None:
    twice = submission(
        layers=["b", "a", "b"], formats=["exr", "exr"], depends_on=[2, 2]
    )
    assert (twice.layers, twice.formats, twice.depends_on) == (
        ("b", "a"),
        ("exr",),
        (2,),
    )


def test_backslashes_in_a_prefix_are_slashes() -> None:
    assert submission(prefix=r"<Scene>\<Camera>").prefix == "<Scene>/<Camera>"


@pytest.mark.parametrize(
    ("fields", "key", "said"),
    [
        ({"priorty": 3}, "priorty", 'unknown. Did you mean "priority"?'),
        ({"resolution ": [1, 1]}, "resolution ", 'Did you mean "resolution"?'),
        ({"priority": 101}, "priority", "is 101. It must be a whole number from 0 to"),
        ({"priority": -1}, "priority", "from 0 to 100"),
        ({"priority": "high"}, "priority", 'is "high".'),
        ({"priority": True}, "priority", "is true."),
        ({"priority": None}, "priority", "is null."),
        ({"layers": "beauty"}, "layers", 'must be a list of names, e.g. ["beauty"]'),
        ({"layers": ["a", " "]}, "layers", 'holds " "'),
        ({"cameras": [7]}, "cameras", "holds 7"),
        (
            {"formats": ["jpg"]},
            "formats",
            'holds "jpg". It must be a list of "exr" and',
        ),
        ({"formats": []}, "formats", "at least one"),
        ({"frames": 7}, "frames", "in quotes"),
        ({"frames": "10-"}, "frames", "range needs an end, at character 4"),
        ({"frames": ""}, "frames", "no frames are given"),
        ({"resolution": [1920]}, "resolution", "e.g. [1920, 1080]"),
        ({"resolution": [0, 1080]}, "resolution", "holds 0"),
        ({"resolution": [99999, 1]}, "resolution", "from 1 to 32768"),
        ({"resolution": [True, 1]}, "resolution", "holds true"),
        ({"percent": 0}, "percent", "a number above 0"),
        ({"percent": float("nan")}, "percent", "is NaN"),
        ({"percent": float("inf")}, "percent", "is Infinity"),
        ({"percent": 50, "resolution": [1, 1]}, "percent", "Leave one out."),
        ({"scene": ""}, "scene", "the path of a scene file"),
        ({"scene": " "}, "scene", "the path of a scene file"),
        ({"scene": "a\0b"}, "scene", "the path of a scene file"),
        ({"scene": "~nobody-here/a.ma"}, "scene", "no home folder"),
        (
            {"output_folder": 5},
            "output_folder",
            "is 5. It must be the path of a folder",
        ),
        ({"prefix": "<RenderLayr>"}, "prefix", 'Did you mean "<RenderLayer>"?'),
        ({"prefix": "<Layer>"}, "prefix", 'Did you mean "<RenderLayer>"?'),
        ({"prefix": "<Scene"}, "prefix", 'has "<"'),
        ({"prefix": "C:/<Scene>"}, "prefix", 'has ":"'),
        ({"prefix": "/<Scene>"}, "prefix", "below the output folder"),
        ({"prefix": "\\<Scene>"}, "prefix", "below the output folder"),
        ({"prefix": "../<Scene>"}, "prefix", "below the output folder"),
        ({"prefix": "a/./b"}, "prefix", "below the output folder"),
        ({"prefix": "<Scene>/"}, "prefix", "ends in a file name"),
        ({"prefix": "<Scene>."}, "prefix", "ends in a file name"),
        ({"gpu": "0"}, "gpu", "nvidia-smi -L"),
        ({"cpu_threads": 0}, "cpu_threads", "a whole number from 1 up, or null"),
        ({"chunk_size": 0}, "chunk_size", "or null for all frames"),
        ({"retries": -1}, "retries", "from 0 to 100"),
        ({"stall_s": 0}, "stall_s", "seconds above 0"),
        ({"frame_limit_s": 0}, "frame_limit_s", "null for no limit"),
        ({"memory_limit_mib": 0.5}, "memory_limit_mib", "null for no limit"),
        ({"stop_after": -1}, "stop_after", "what the policy says"),
        ({"pause_when_odd": 3}, "pause_when_odd", "true or false"),
        (
            {"depends_on": [0]},
            "depends_on",
            "holds 0. It must be a list of job numbers",
        ),
        ({"frames_after": ["a"]}, "frames_after", "a list of job numbers"),
        ({"layers_after": ["a"]}, "layers_after", "layers with a list of layers"),
        (
            {"layers_after": {"a": ["b"], "b": ["c"], "c": ["a"]}},
            "layers_after",
            "goes round in a circle",
        ),
        ({"order": "backwards"}, "order", '"descending", "preview_first" or'),
        ({"order": "as_given"}, "order", "no frames are given"),
        ({"samples": 0}, "samples", "from 1 up"),
        ({"user": " "}, "user", "a user's name"),
        ({"engine": ""}, "engine", "an engine's name"),
        ({"engine": "command"}, "command", "program first"),
        ({"command": ["Render"]}, "command", 'set "engine" to "command"'),
        ({"schema_version": 2}, "schema_version", "Use a newer LRC Toolbox."),
        ({"schema_version": 2, "later": 1}, "schema_version", "Use a newer"),
        ({"schema_version": 0}, "schema_version", "is 0. It must be 1."),
    ],
)
def test_what_is_wrong_is_named_with_what_it_must_be(
    fields: dict[str, Any], key: str, said: str
) -> None:
    error = refusal(**fields)
    assert error.key == key
    assert said in str(error)
    assert error.remedy
    assert not error.others
    assert "pydantic" not in str(error)


def test_everything_wrong_is_told_at_once() -> None:
    error = refusal(priority=101, retries="many", colour="red")
    told = [error.key, *(other.key for other in error.others)]
    assert sorted(told) == ["colour", "priority", "retries"]
    assert len(str(error).splitlines()) == 3


def test_what_is_missing_is_named() -> None:
    with pytest.raises(SubmissionError, match='"output_folder" is missing'):
        Submission.from_json({"scene": "/a.ma"})


def test_no_field_changes_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        submission().priority = 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"scene": "/a.ma",\n "frames" "1"}', "at line 2, column 11"),
        (b"", "at line 1, column 1"),
        (b"[]", "one JSON object, not []"),
        (b'"text"', 'one JSON object, not "text"'),
        (b'{"scene": "\xff"}', "Byte 12 is not UTF-8"),
        (b"[" * 200_000, "brackets"),
        (b'{"scene": "/a.ma", "output_folder": "/o", "prio": 1}', '"prio" is unknown'),
        (b'{"scene": "\\ud800", "output_folder": "/o"}', '"scene" is'),
    ],
)
def test_a_bad_file_is_named_with_the_place(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "job.json"
    path.write_bytes(content)
    with pytest.raises(SubmissionError) as refused:
        Submission.load(path)
    assert refused.value.where == str(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert said in str(refused.value)


def test_a_file_from_a_windows_editor_that_names_its_schema_is_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "job.json"
    content = {
        "$schema": "submission.schema.json",
        "scene": "/a",
        "output_folder": "/o",
    }
    path.write_text(json.dumps(content), encoding="utf-8-sig")
    assert Submission.load(path).scene == "/a"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match="cannot be read: No such file"):
        Submission.load(tmp_path / "none.json")


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "job.json").mkdir()
    with pytest.raises(SubmissionError, match="cannot be written"):
        submission().save(tmp_path / "job.json")
    with pytest.raises(SubmissionError, match="cannot be written"):
        submission().save(tmp_path / "missing" / "job.json")
    assert [path.name for path in tmp_path.iterdir()] == ["job.json"]


def test_every_field_has_a_description_and_says_what_it_must_be() -> None:
    assert set(_MUST_BE) == set(Submission.model_fields)
    assert all(field.description for field in Submission.model_fields.values())


def test_the_published_schema_is_what_the_model_prints() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "lrc_toolbox.jobs.submission"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    published = REPOSITORY / "docs/submission.schema.json"
    assert printed.stdout == published.read_text("utf-8")
    assert "$schema" in json.loads(printed.stdout)["properties"]


@pytest.mark.skipif(os.name == "nt", reason="names users by a database Windows lacks")
def test_a_user_without_a_name_is_unknown() -> None:
    script = (
        "import os, pwd\n"
        "from lrc_toolbox.jobs.submission_values import login_name\n"
        "os.setuid(54321)\n"
        "print(login_name())"
    )
    if os.getuid() != 0:
        pytest.skip("only root may become a user who is in no database")
    nameless = {key: value for key, value in os.environ.items() if key in {"PATH"}}
    printed = subprocess.run(
        [sys.executable, "-c", script],
        cwd=REPOSITORY,
        env={**nameless, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert printed.stdout == "unknown\n"
