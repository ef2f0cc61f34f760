"""The document about a scene: its keys, its schema, and what real files say."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

import lrc_toolbox
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.scenes.findings import Finding
from lrc_toolbox.scenes.inspection import Inspection, inspect, json_schema
from lrc_toolbox.scenes.output_sequences import FrameSpan, OutputSequence
from lrc_toolbox.scenes.snapshot import (
    Aov,
    ExternalFile,
    Plugin,
    ReferenceSnapshot,
    ScriptNode,
    Timeline,
)

REPOSITORY = Path(__file__).resolve().parents[2]
ROCKET = REPOSITORY / "docs" / "examples" / "rocket.ma"
PUBLISHED = REPOSITORY / "docs" / "inspection.schema.json"


def full() -> Inspection:
    """An inspection with something in every list."""
    seen = inspect(ROCKET)
    scene = replace(
        seen.snapshot,
        timeline=Timeline(1, 24, 0, 48.5),
        aovs=(Aov("diffuse", "aiAOV1", "aiAOV", True),),
        references=(
            ReferenceSnapshot("a.ma", "aRN", "a", "", "mayaAscii", True, 1, "/p/a.ma"),
            ReferenceSnapshot("b.ma", "bRN", "", "b_", "mayaAscii", False, 2),
        ),
        files=(
            ExternalFile("file1", "fileTextureName", "wood.png", "texture", False),
            ExternalFile("abc1", "abc_File", "/c/x.abc", "cache", True, "/c/x.abc"),
        ),
        plugins=(Plugin("mtoa", "5.4.0", ("aiOptions",)),),
        script_nodes=(ScriptNode("s", 1, "mel", 10, 0, True, "vaccine"),),
        node_counts={"mesh": 3, "camera": 2},
        outputs=(
            OutputSequence(
                "beauty",
                "cam",
                "",
                "b/cam.####.exr",
                FrameSpan(1, 24),
                FrameSpan(1, 24),
            ),
        ),
    )
    findings = (Finding("error", "no_camera", "No camera.", "Make one."),)
    return Inspection(scene, findings, 0.01)


def test_the_published_schema_is_what_the_module_prints() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "lrc_toolbox.scenes.inspection"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert printed.stdout == PUBLISHED.read_text("utf-8")


def test_every_key_has_a_type_and_a_description() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for shape in (schema, *schema["$defs"].values()):
        assert shape["description"]
        for name, described in shape["properties"].items():
            assert described["description"], name
            assert {"type", "anyOf", "$ref", "enum", "const"} & set(described), name


def test_a_document_with_something_everywhere_is_valid() -> None:
    document = full().to_json()
    jsonschema.validate(document, json_schema())
    assert json.loads(json.dumps(document)) == document
    assert [file["path"] for file in document["textures"]] == ["wood.png"]
    assert [file["path"] for file in document["caches"]] == ["/c/x.abc"]
    assert [each["found"] for each in document["references"]] == [True, False]
    (output,) = document["outputs"]
    assert (output["count"], output["frame_range"]["end"]) == (24, 24)


def test_the_schema_refuses_a_document_that_lacks_a_key() -> None:
    document = full().to_json()
    del document["layers"][0]["frame_range"]
    with pytest.raises(jsonschema.ValidationError, match="frame_range"):
        jsonschema.validate(document, json_schema())


def test_numbers_that_json_cannot_hold_do_not_reach_it() -> None:
    seen = full()
    cameras = tuple(
        replace(each, focal_length=float("nan")) for each in seen.snapshot.cameras
    )
    odd = replace(seen, snapshot=replace(seen.snapshot, cameras=cameras))
    json.dumps(odd.to_json(), allow_nan=False)


def test_a_still_scene_tells_its_one_frame_and_its_range() -> None:
    scene = replace(inspect(ROCKET).snapshot, animation=False, frames=FrameSpan(7, 7))
    document = Inspection(scene, (), 0.0).to_json()
    assert (document["frame"], document["frames"]) == (7, "7")
    assert document["frame_range"] == {"start": 1, "end": 24, "step": 1}


def test_the_real_scenes_make_valid_documents(shared: Path) -> None:
    schema = json_schema()
    truth = json.loads((shared / "scenes" / "TRUTH.json").read_text("utf-8"))
    assert len(truth["files"]) == 12
    for each in truth["files"]:
        document = inspect(shared / "scenes" / each["file"]).to_json()
        jsonschema.validate(document, schema)
        told = each["truth"]["render_globals"]
        span = {
            "start": told["startFrame"],
            "end": told["endFrame"],
            "step": told["byFrame"],
        }
        assert document["frame_range"] == span
        assert document["animation"] is told["animation_on"]
        assert document["resolution"] == [told["width"], told["height"]]
        assert document["current_time"] == told["current_time"]
        layers = {layer["node"]: layer["name"] for layer in document["layers"]}
        assert layers.items() >= {
            (layer["name"], layer.get("display_name", layer["name"]))
            for layer in each["truth"]["layers"]
            if layer["connected_to_manager"]
        }


def test_files_are_looked_for_in_the_project_that_is_given(tmp_path: Path) -> None:
    scene = tmp_path / "handed_on" / "shot.ma"
    scene.parent.mkdir()
    wood = 'createNode file -n "wood";\n\tsetAttr ".ftn" "sourceimages/wood.png";\n'
    scene.write_text(ROCKET.read_text("utf-8") + wood, "utf-8")
    project = tmp_path / "project"
    (project / "sourceimages").mkdir(parents=True)
    (project / "sourceimages" / "wood.png").touch()
    (lost,) = lrc_toolbox.inspect(scene).snapshot.files
    assert not lost.found
    (found,) = lrc_toolbox.inspect(scene, project=project).snapshot.files
    assert Path(found.resolved) == project / "sourceimages" / "wood.png"


def test_a_file_that_is_no_scene_raises_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "not.ma").write_bytes(b"\x00\xff" * 500)
    for path in (tmp_path / "not.ma", tmp_path / "missing.ma", tmp_path):
        with pytest.raises(LrcError) as raised:
            lrc_toolbox.inspect(path)
        assert raised.value.args[0]


def test_importing_the_package_loads_nothing_of_it() -> None:
    program = (
        "import sys, lrc_toolbox\n"
        "print([name for name in sys.modules if name.startswith('lrc_toolbox.')])\n"
        f"lrc_toolbox.inspect({str(ROCKET)!r})\n"
        "print('pydantic' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert told.stdout.split() == ["[]", "False"]
