from __future__ import annotations

import json
from pathlib import Path

import pytest

from lrc_toolbox.cli.submissions import from_typed
from lrc_toolbox.jobs.submission import Submission, SubmissionError


def test_what_was_not_typed_is_left_to_the_submission() -> None:
    (made,) = from_typed(["a.ma"], {"frames": None, "layers": [], "formats": []})
    assert (
        made.model_dump()
        == Submission(scene="a.ma", output_folder="renders").model_dump()
    )


def test_lists_are_parted_at_commas_and_may_be_repeated() -> None:
    options = {
        "layers": ["fg, bg", "sky"],
        "formats": ["exr,png"],
        "depends_on": ["3,4"],
        "frames_after": ["5", "6"],
    }
    (made,) = from_typed(["a.ma"], options)
    assert made.layers == ("fg", "bg", "sky")
    assert made.formats == ("exr", "png")
    assert made.depends_on == (3, 4)
    assert made.frames_after == (5, 6)


def test_an_order_of_layers_is_typed_with_an_equals_sign() -> None:
    options = {"layers_after": ["comp=beauty, matte", "comp=fog", "fog=matte"]}
    (made,) = from_typed(["a.ma"], options)
    assert made.layers_after == {"comp": ("beauty", "matte", "fog"), "fog": ("matte",)}
    with pytest.raises(SubmissionError, match="--layers-after") as refused:
        from_typed(["a.ma"], {"layers_after": ["comp"]})
    assert refused.value.key == "layers_after"


def test_a_resolution_is_two_numbers() -> None:
    (made,) = from_typed(["a.ma"], {"resolution": "640x360"})
    assert made.resolution == (640, 360)
    with pytest.raises(SubmissionError) as refused:
        from_typed(["a.ma"], {"resolution": "640"})
    assert refused.value.key == "resolution"


def test_what_was_typed_goes_over_what_the_job_file_says(tmp_path: Path) -> None:
    path = tmp_path / "night.JSON"
    job = {"scene": "/s/a.ma", "output_folder": "/o", "percent": 50, "priority": 10}
    path.write_text(json.dumps(job))
    plain, changed = (
        from_typed([str(path)], {})[0],
        from_typed([str(path)], {"resolution": "64x36", "priority": 90})[0],
    )
    assert (plain.percent, plain.priority) == (50, 10)
    assert (changed.percent, changed.resolution) == (None, (64, 36))
    assert (changed.priority, changed.output_folder) == (90, "/o")


def test_a_wrong_option_beside_a_job_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "night.json"
    path.write_text(json.dumps({"scene": "/s/a.ma", "output_folder": "/o"}))
    with pytest.raises(SubmissionError) as refused:
        from_typed([str(path)], {"priority": 900, "cpu_threads": 0})
    wrong = [refused.value, *refused.value.others]
    assert {error.where for error in wrong} == {"--priority", "--threads"}


def test_limits_are_typed_by_their_short_names(tmp_path: Path) -> None:
    typed = {
        "frame_limit_s": 600.0,
        "stall_s": 60.0,
        "memory_limit_mib": 8000,
        "stop_after": 0,
        "pause_when_odd": True,
    }
    (made,) = from_typed(["/s/a.ma"], typed)
    assert {key: getattr(made, key) for key in typed} == typed
    with pytest.raises(SubmissionError) as refused:
        from_typed(["/s/a.ma"], {**typed, "frame_limit_s": 0.0, "stall_s": -1.0})
    wrong = [refused.value, *refused.value.others]
    assert {error.where for error in wrong} == {"--frame-limit", "--stall"}


def test_what_the_job_file_has_wrong_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "night.json"
    path.write_text(json.dumps({"scene": "/s/a.ma", "output_folder": "/o", "prio": 1}))
    with pytest.raises(SubmissionError) as refused:
        from_typed([str(path)], {"priority": 90})
    assert refused.value.where == str(path)


def test_every_source_gets_its_own_submission() -> None:
    made = from_typed(["a.ma", "b.ma"], {"output_folder": "out"})
    assert [Path(one.scene).name for one in made] == ["a.ma", "b.ma"]
