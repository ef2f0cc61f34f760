"""`lrc inspect` as people and programs meet it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from rich.cells import cell_len
from rich.console import Console

from lrc_toolbox.cli.scene_page import ScenePage, file_size, finding_lines
from lrc_toolbox.scenes.findings import Finding
from lrc_toolbox.scenes.inspection import Inspection, inspect, json_schema
from lrc_toolbox.scenes.output_sequences import FrameSpan
from lrc_toolbox.scenes.snapshot import ExternalFile, ReferenceSnapshot, SceneSnapshot
from tests.cli.conftest import REPOSITORY, Lrc

ROCKET = REPOSITORY / "docs" / "examples" / "rocket.ma"


def drawn(
    inspection: Inspection,
    width: int = 80,
    encoding: str = "utf-8",
    everything: bool = False,
) -> list[str]:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    console = Console(file=file, width=width, markup=False, highlight=False)
    console.print(ScenePage(inspection, everything=everything), soft_wrap=True)
    file.seek(0)
    return file.read().splitlines()


def test_the_page_tells_what_a_person_asks_for(lrc: Lrc) -> None:
    told = lrc.run("inspect", ROCKET)
    assert (told.returncode, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[0] == str(ROCKET)
    assert "  frames    1-24 at 24 fps" in lines
    assert any(line.split()[1:3] == ["beauty", "1-24"] for line in lines)
    assert "\x1b" not in told.stdout


def test_json_is_the_document_of_the_schema(lrc: Lrc) -> None:
    document = lrc.json("inspect", ROCKET)
    jsonschema.validate(document, json_schema())
    assert {layer["name"] for layer in document["layers"]} >= {"beauty", "matte"}


def test_what_cannot_be_read_is_told_with_what_to_do(lrc: Lrc, tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.ma"
    garbage.write_bytes(bytes(range(256)) * 8)
    for path in (garbage, tmp_path / "missing.ma"):
        told = lrc.here("inspect", path)
        assert (told.returncode, told.stdout) == (2, "")
        assert "Traceback" not in told.stderr
        assert str(path) in told.stderr
        assert lrc.json("inspect", path)["error"]["kind"] == "scene_read"


def test_a_single_frame_says_why() -> None:
    seen = inspect(ROCKET)
    still = replace(seen, snapshot=replace(seen.snapshot, animation=False))
    assert any("animation is off" in line for line in drawn(still))


def test_missing_files_references_and_findings_stand_there_by_name() -> None:
    seen = inspect(ROCKET)
    files = tuple(
        ExternalFile(f"f{n}", "fileTextureName", f"{n}.png", "texture", n == 0)
        for n in range(30)
    )
    reference = ReferenceSnapshot("lib.ma", "libRN", "lib", "", "mayaAscii", True, 1)
    finding = Finding("error", "no_camera", "No camera is renderable.", "Tick one.")
    scene = replace(seen.snapshot, files=files, references=(reference,))
    odd = Inspection(scene, (finding,), 0.0)
    lines = drawn(odd)
    assert "  lib.ma  missing" in lines
    assert "  1 of 30 files found" in lines
    assert "  18 more; --all shows them" in lines
    assert "  missing  29.png" in drawn(odd, everything=True)
    assert lines[-2:] == ["  error   No camera is renderable.", "          Tick one."]


def test_a_file_that_many_nodes_share_is_told_once() -> None:
    seen = inspect(ROCKET)
    shared = tuple(
        ExternalFile(f"f{n}", "fileTextureName", "wood.png", "texture", False)
        for n in range(3)
    )
    lines = drawn(Inspection(replace(seen.snapshot, files=shared), (), 0.0))
    assert "  0 of 1 file found" in lines
    assert lines.count("  missing  wood.png") == 1


def test_a_sequence_with_gaps_is_not_called_missing() -> None:
    seen = inspect(ROCKET)
    plate = ExternalFile("p", "imageName", "p.#.png", "texture", False, missing=(4,))
    lines = drawn(Inspection(replace(seen.snapshot, files=(plate,)), (), 0.0))
    assert "  gaps     p.#.png" in lines


def row_of(scene: SceneSnapshot, layer: str, width: int = 80) -> str:
    """The line of the page about one layer."""
    (row,) = (
        line
        for line in drawn(Inspection(scene, (), 0.0), width)
        if line[4:].startswith(layer)
    )
    return row


def test_wide_letters_get_their_room() -> None:
    scene = inspect(ROCKET).snapshot
    beauty = replace(
        scene.layers[1], name="\u5f71\u5f71", cameras=("persp", "\u30ab\u30e1")
    )
    assert row_of(replace(scene, layers=(beauty,)), "\u5f71\u5f71").endswith(
        "640x360 persp, \u30ab\u30e1"
    )


def test_a_layer_without_a_camera_says_so() -> None:
    scene = inspect(ROCKET).snapshot
    blind = replace(scene.layers[1], cameras=())
    assert row_of(replace(scene, layers=(blind,)), "beauty").endswith("640x360 none")


def test_fractions_of_frames_are_told_as_they_are() -> None:
    scene = inspect(ROCKET).snapshot
    halves = FrameSpan(1, 3, 0.5)
    layers = (replace(scene.layers[1], frames=halves),)
    scene = replace(scene, frames=halves, layers=layers)
    assert "1-3x0.5" in row_of(scene, "beauty")
    lines = drawn(Inspection(scene, (), 0.0))
    assert "  frames    1-3x0.5 at 24 fps" in lines


@pytest.mark.parametrize("width", [30, 60, 80])
def test_layers_stay_on_their_lines_in_a_narrow_terminal(width: int) -> None:
    lines = drawn(inspect(ROCKET), width)
    rows = lines[lines.index("Layers") + 1 : lines.index("Pictures") - 1]
    assert len(rows) == 5
    assert max(map(cell_len, rows)) <= width


def test_sentences_break_at_words_in_a_terminal_and_paths_stay_whole() -> None:
    path = "D:/show/" + "very_long_folder/" * 8 + "a.png"
    finding = Finding(
        "error", "texture_missing", f"Missing is {path} here.", "Mend it."
    )
    file = io.StringIO()
    screen = Console(file=file, width=60, force_terminal=True, color_system=None)
    for line in finding_lines(finding, screen):
        screen.print(line, soft_wrap=True)
    assert file.getvalue().splitlines() == [
        "  error   Missing is",
        f"          {path}",
        "          here.",
        "          Mend it.",
    ]


def test_names_cannot_steer_the_terminal() -> None:
    seen = inspect(ROCKET)
    scene = replace(seen.snapshot, renderer="\x1b[2Jevil", path="a\x1b]0;x\x07.ma")
    text = "\n".join(drawn(Inspection(scene, (), 0.0)))
    assert "\x1b" not in text
    assert "\x07" not in text


def test_a_terminal_without_ticks_gets_plain_letters() -> None:
    lines = drawn(inspect(ROCKET), encoding="cp1252")
    assert any(line.startswith("  x beauty") for line in lines)


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (92_644, "92.6 KB"),
        (2 * 10**12, "2000.0 GB"),
    ],
)
def test_sizes_are_told_in_units_people_use(size: int, told: str) -> None:
    assert file_size(size) == told


def test_the_pictures_that_it_would_leave_behind_are_told(lrc: Lrc) -> None:
    told = lrc.here("inspect", ROCKET, "--outputs")
    assert (told.returncode, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[:4] == [
        str(ROCKET),
        "",
        "beauty  shotCam",
        "  beauty/shotCam/rocket_#.exr  1-24, 24 files",
    ]
    assert lines[-1] == "72 files in 3 sequences"


def test_renumbered_pictures_are_told_with_their_numbers(
    lrc: Lrc, tmp_path: Path
) -> None:
    path = tmp_path / "renumbered.ma"
    settings = ".an 1", ".ef 3", ".me 1", ".se 100", ".pff 1", ".ep 4"
    lines = ('setAttr "{}" {};'.format(*setting.split()) for setting in settings)
    path.write_text(
        '//Maya ASCII 2024 scene\ncreateNode transform -s -n "persp";\n'
        'createNode camera -s -n "perspShape" -p "persp";\n'
        "select -ne :defaultRenderGlobals;\n" + "\n".join(lines) + "\n"
    )
    told = lrc.run("inspect", path, "--outputs").stdout
    assert "renumbered.####.iff  1-3 as 100-102, 3 files" in told


def test_a_project_that_is_not_there_is_refused(lrc: Lrc, tmp_path: Path) -> None:
    told = lrc.here("inspect", ROCKET, "--project", tmp_path / "nowhere")
    assert (told.returncode, told.stdout) == (2, "")
    assert "--project" in told.stderr


def test_the_document_has_what_the_issue_promises(lrc: Lrc) -> None:
    promised = (
        "maya_version renderer fps linear_unit animation frame_range timeline "
        "resolution image_prefix image_format layers cameras aovs references textures "
        "plugins script_nodes node_counts findings outputs"
    )
    assert (
        set(promised.split())
        <= json.loads(lrc.here("inspect", ROCKET, "--json").stdout).keys()
    )
