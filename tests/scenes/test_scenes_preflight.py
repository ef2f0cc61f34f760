from __future__ import annotations

import ast
import dataclasses
import math
import re
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.scenes import preflight as preflight_module
from lrc_toolbox.scenes.findings import KINDS, Finding, quoted, worst_first
from lrc_toolbox.scenes.output_sequences import (
    FrameNaming,
    FrameSpan,
    ImageFormat,
    OutputSequence,
)
from lrc_toolbox.scenes.preflight import preflight
from lrc_toolbox.scenes.preflight_origin import unreadable
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.snapshot import (
    Aov,
    CameraSnapshot,
    Encoding,
    ExternalFile,
    Plugin,
    ReferenceSnapshot,
    RenderScript,
    SceneSnapshot,
    ScriptNode,
    Timeline,
)
from lrc_toolbox.scenes.surroundings import Surroundings, Wishes
from lrc_toolbox.scenes.taking import read_snapshot
from tests.scenes.sound_scenes import EXR, FRAMES, layer, sound

REPOSITORY = Path(__file__).resolve().parents[2]


def script(name: str, kind: int = 1, **changes: Any) -> ScriptNode:
    plain = ScriptNode(name, kind, "python", 400, 0, runs=True)
    return dataclasses.replace(plain, **changes)


def mel(attribute: str) -> RenderScript:
    return RenderScript("defaultRenderGlobals", attribute, "", "", "mel", 3, "go;")


def reference(path: str, **changes: Any) -> ReferenceSnapshot:
    plain = ReferenceSnapshot(path, "setRN", "set", "", "mayaAscii", True, 1, path)
    return dataclasses.replace(plain, **changes)


def texture(path: str, **changes: Any) -> ExternalFile:
    plain = ExternalFile("file1", "fileTextureName", path, "texture", False)
    return dataclasses.replace(plain, **changes)


def cameras(*names: str) -> tuple[CameraSnapshot, ...]:
    own = (CameraSnapshot(name, f"{name}Shape", True, False, False) for name in names)
    return (CameraSnapshot("persp", "perspShape", True, False, True), *own)


def output(name: str, pattern: str, **changes: Any) -> OutputSequence:
    plain = OutputSequence(name, "shotCam", "", pattern, FRAMES, FRAMES)
    numbers = changes.get("frames", FRAMES)
    return dataclasses.replace(plain, **{"numbers": numbers, **changes})


def of(code: str, scene: SceneSnapshot, wishes: Wishes | None = None) -> Finding:
    """The one finding of this kind."""
    (finding,) = (each for each in preflight(scene, wishes) if each.code == code)
    return finding


HOME = Surroundings("renders", free_bytes=10**13)
WINDOWS = Wishes(platform="win32")
LINUX = Wishes(platform="linux")
OLD = Wishes(maya_version="2023")


def into(**changes: Any) -> Wishes:
    return Wishes(output=dataclasses.replace(HOME, **changes))


#: For each kind of finding a scene that has it, and what its message must name.
CASES: list[tuple[str, SceneSnapshot, Wishes | None, tuple[str, ...]]] = [
    ("file_damaged", sound(damage="line 7: ends too soon"), None, ("line 7",)),
    (
        "file_end_missing",
        sound(encoding=Encoding("", "UTF-8", "LF", 0, complete=False)),
        None,
        ("does not end",),
    ),
    ("scene_newer_than_maya", sound(), OLD, ("Maya 2024", "Maya 2023")),
    (
        "text_encoding",
        sound(encoding=Encoding("", "932", "CRLF", 1200, complete=True)),
        LINUX,
        ("1,200", "932"),
    ),
    ("education_licence", sound(info={"license": "student"}), None, ("student",)),
    ("non_ascii_path", sound(path="D:/été/a.ma"), WINDOWS, ("arnold", "été")),
    ("no_renderable_layer", sound(layers=(layer(renderable=False),)), None, ()),
    ("layer_empty", sound(layers=(layer("fx", empty=True),)), None, ('"fx"',)),
    ("legacy_layers", sound(layers=(layer("fx", kind="legacy"),)), None, ('"fx"',)),
    (
        "renderers_mixed",
        sound(layers=(layer(), layer("fx", renderer="mayaSoftware"))),
        None,
        ("arnold", "mayaSoftware", '"fx"'),
    ),
    ("no_camera", sound(layers=(layer(cameras=()), layer("fx"))), None, ('"beauty"',)),
    (
        "camera_unknown",
        sound(
            layers=(layer(cameras=()),), references=(reference("cams.ma", found=""),)
        ),
        None,
        ("cams.ma",),
    ),
    (
        "several_cameras",
        sound(layers=(layer(cameras=("left", "right")),)),
        None,
        ('"beauty"', '"left"', '"right"'),
    ),
    (
        "startup_camera",
        sound(cameras=cameras("shotCam"), layers=(layer(cameras=("persp",)),)),
        None,
        ('"persp"', '"beauty"'),
    ),
    (
        "animation_off",
        sound(animation=False, frames=FrameSpan(537, 537)),
        None,
        ("537",),
    ),
    ("one_frame", sound(frames=FrameSpan(1001, 1001)), None, ("1001",)),
    ("frames_listed", sound(frames_listed=True), None, ("specific frames", "1-10")),
    ("frames_backwards", sound(frames=FrameSpan(20, 10)), None, ("20", "10")),
    ("frame_step_wrong", sound(frames=FrameSpan(1, 10, 0)), None, ("step 0",)),
    ("frames_fractional", sound(frames=FrameSpan(1, 100, 0.5)), None, ("1-100x0.5",)),
    ("timeline_differs", sound(timeline=Timeline(5, 9, 1, 10)), None, ("5-9",)),
    ("many_frames", sound(frames=FrameSpan(1, 20_000)), None, ("20,000",)),
    ("resolution_wrong", sound(layers=(layer(resolution=(0, 9)),)), None, ("0 x 9",)),
    (
        "resolution_large",
        sound(layers=(layer(), layer("fx", resolution=(32_768, 16_384)))),
        None,
        ('"fx"', "32,768 x 16,384"),
    ),
    ("pixel_aspect", sound(pixel_aspect=2.0), None, ("2",)),
    (
        "renderer_unsupported",
        sound(layers=(layer(renderer="inHouse"),)),
        None,
        ('"inHouse"',),
    ),
    (
        "renderer_retired",
        sound(layers=(layer(renderer="mentalRay"),)),
        None,
        ("mentalRay", "2017"),
    ),
    ("plugin_not_required", sound(plugins=()), None, ("mtoa", "arnold")),
    (
        "plugin_leftover",
        sound(plugins=(Plugin("mtoa", "5"), Plugin("vrayformaya", "7"))),
        None,
        ("vrayformaya", "arnold"),
    ),
    (
        "image_format_unwritable",
        sound(layers=(layer(image_format=ImageFormat("Targa", "tga", 19)),)),
        None,
        ("Targa", "arnold", '"beauty"'),
    ),
    (
        "outputs_collide",
        sound(outputs=(output("beauty", "a.#.exr"), output("fx", "a.#.exr"))),
        None,
        ('"beauty"', '"fx"', "a.#.exr"),
    ),
    (
        "outputs_not_checked",
        sound(outputs=(), outputs_left_out=300_000),
        None,
        ("300,000",),
    ),
    ("frames_collide", sound(outputs=(output("fx", "a.exr"),)), None, ("100", "a.exr")),
    ("output_folder_missing", sound(), into(exists=False), ("renders",)),
    (
        "output_folder_unwritable",
        sound(),
        into(problem="a.txt is a file"),
        ("renders", "a.txt"),
    ),
    ("disk_too_small", sound(), into(free_bytes=10**6), ("100 pictures", "1 MB")),
    ("disk_nearly_full", sound(), into(free_bytes=1_200_000_000), ("1.2 GB",)),
    ("texture_missing", sound(files=(texture("wood.png"),)), None, ("wood.png",)),
    (
        "cache_missing",
        sound(files=(texture("sim.abc", kind="cache"),)),
        None,
        ("sim.abc",),
    ),
    ("file_missing", sound(files=(texture("a.wav", kind="other"),)), None, ("a.wav",)),
    (
        "files_incomplete",
        sound(files=(texture("a.<UDIM>.exr", missing=(1003, 1004)),)),
        None,
        ("a.<UDIM>.exr", "lacks numbers 1003, 1004."),
    ),
    (
        "reference_missing",
        sound(references=(reference("set.ma", found=""),)),
        None,
        ("set.ma",),
    ),
    (
        "nested_reference_missing",
        sound(references=(reference("set.ma"), reference("a.ma", depth=2, found=""))),
        None,
        ("a.ma",),
    ),
    (
        "reference_unreadable",
        sound(references=(reference("set.ma", problem="it is empty"),)),
        None,
        ("set.ma", "it is empty"),
    ),
    (
        "reference_unloaded",
        sound(references=(reference("set.ma", loaded=False, found=""),)),
        None,
        ("set.ma",),
    ),
    (
        "malware",
        sound(script_nodes=(script("vaccine_gene", malware="vaccine"),)),
        None,
        ("vaccine_gene", "vaccine"),
    ),
    (
        "script_runs",
        sound(script_nodes=(script("rig"),)),
        None,
        ('"rig"', "opened or closed"),
    ),
    (
        "render_script_runs",
        sound(render_scripts=(mel("preMel"),)),
        None,
        ('defaultRenderGlobals.preMel begins with "go;"',),
    ),
    (
        "script_doubtful",
        sound(script_nodes=(script("rig", warning="It starts a program."),)),
        None,
        ('"rig" is doubtful: it starts a program.',),
    ),
]


def test_a_sound_scene_gives_no_finding() -> None:
    assert preflight(sound(), Wishes(maya_version="2024", output=HOME)) == ()


@pytest.mark.parametrize(
    ("code", "scene", "wishes", "named"), CASES, ids=[case[0] for case in CASES]
)
def test_a_spoiled_scene_is_told_with_what_and_the_remedy(
    code: str, scene: SceneSnapshot, wishes: Wishes | None, named: tuple[str, ...]
) -> None:
    finding = of(code, scene, wishes)
    assert [part for part in named if part not in finding.message] == []
    assert finding.level == KINDS[code].level
    assert finding.message.endswith(".")
    assert finding.remedy.endswith(".")
    assert not finding.message[0].islower()


def test_every_kind_of_finding_is_tried() -> None:
    # There is no snapshot of what cannot be read: the last test below tries that.
    assert {code for code, *_ in CASES} | {"file_unreadable"} == set(KINDS)


def test_the_table_holds_exactly_the_kinds_that_can_be_found() -> None:
    folder = Path(str(preflight_module.__file__)).parent
    used = set()
    for path in folder.glob("preflight*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                used.update({node.value} & set(KINDS))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "found":
                code = node.args[0]
                assert not isinstance(code, ast.Constant) or code.value in KINDS
    assert used == set(KINDS)


def test_the_document_lists_the_table_in_full() -> None:
    text = (REPOSITORY / "docs" / "preflight.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert rows == [
        (code, kind.level, kind.meaning, kind.remedy.replace("<", r"\<"))
        for code, kind in KINDS.items()
    ]


def test_errors_come_first_and_notes_last() -> None:
    spoiled = sound(
        pixel_aspect=2.0,
        frames=FrameSpan(20, 10),
        files=(texture("a.wav", kind="other"),),
    )
    levels = [finding.level for finding in preflight(spoiled)]
    assert levels == ["error", "warning", "note"]
    assert worst_first(()) == ()


def test_a_finding_as_json_has_words_only() -> None:
    finding = of("layer_empty", sound(layers=(layer("fx", empty=True),)))
    assert finding.to_json() == {
        "level": "warning",
        "code": "layer_empty",
        "message": 'Layer "fx" is renderable but holds nothing.',
        "remedy": "Put objects into the layer or switch it off.",
        "where": "fx",
    }


def test_ten_thousand_missing_textures_are_one_finding() -> None:
    files = tuple(
        texture(f"t{number}.png", node=f"f{number}") for number in range(10_000)
    )
    assert of("texture_missing", sound(files=files)).message == (
        '10,000 textures are missing: "t0.png", "t1.png", "t2.png" and 9,997 more.'
    )


def test_a_texture_that_many_nodes_share_is_missing_once() -> None:
    files = tuple(texture("wood.png", node=f"file{number}") for number in range(5))
    finding = of("texture_missing", sound(files=files))
    assert finding.message == '1 texture is missing: "wood.png".'


def test_a_name_of_a_megabyte_is_cut() -> None:
    assert len(quoted("x" * 1_000_000)) < 200


def test_formats_to_choose_are_few() -> None:
    software = layer(renderer="mayaSoftware")
    assert of("image_format_unwritable", sound(layers=(software,))).remedy == (
        "Choose another in the Render Settings, such as TIFF, PNG, Targa."
    )


def test_an_empty_layer_that_is_off_is_not_told() -> None:
    spare = layer("spare", renderable=False, empty=True, cameras=())
    assert preflight(sound(layers=(layer(), spare))) == ()


def test_a_layer_of_which_only_maya_could_tell_is_not_called_empty() -> None:
    assert preflight(sound(layers=(layer(empty=None),))) == ()


def test_persp_alone_in_a_scene_without_other_cameras_is_fine() -> None:
    scene = sound(cameras=cameras(), layers=(layer(cameras=("persp",)),))
    assert preflight(scene) == ()


@pytest.mark.parametrize("version", ["2016", "8.5", ""])
def test_legacy_layers_are_fine_in_a_maya_without_render_setup(version: str) -> None:
    scene = sound(maya_version=version, layers=(layer(kind="legacy"),))
    assert preflight(scene) == ()


@pytest.mark.parametrize(
    ("saved", "chosen", "newer"),
    [
        ("2025ff03", "2024", True),
        ("2024", "2024", False),
        ("8.5", "2024", False),
        ("", "2024", False),
        ("2025", "", False),
        ("2022", "8.5", True),
    ],
)
def test_only_a_newer_scene_is_too_new(saved: str, chosen: str, newer: bool) -> None:
    findings = preflight(sound(maya_version=saved), Wishes(maya_version=chosen))
    assert [each.code for each in findings] == ["scene_newer_than_maya"] * newer


def test_a_layer_with_frames_of_its_own_is_told_by_name() -> None:
    own = layer("fx", frames=FrameSpan(9, 3), overridden=("frames",))
    finding = of("frames_backwards", sound(layers=(layer(), own)))
    assert finding.where == "fx"
    assert 'Layer "fx"' in finding.message


def test_fractions_of_frames_are_fine_where_pictures_are_numbered_anew() -> None:
    halves = FrameSpan(1, 100, 0.5)
    anew = FrameNaming(4, first_number=100)
    assert preflight(sound(frames=halves, naming=anew)) == ()
    again = FrameNaming(4, first_number=100, number_step=0.25)
    finding = of("frames_fractional", sound(frames=halves, naming=again))
    assert "1-100x0.5" in finding.message


def test_layers_that_are_numbered_anew_overwrite_each_other() -> None:
    one = output("a", "x.#.exr", frames=FrameSpan(1, 10))
    other = output("b", "x.#.exr", frames=FrameSpan(11, 20), numbers=FrameSpan(1, 10))
    finding = of("outputs_collide", sound(outputs=(one, other)))
    assert '"a"' in finding.message


def test_a_renderer_that_is_read_but_not_offered_is_told(shared: Path) -> None:
    scene = read_snapshot(shared / "scenes" / "22-refs-alembic-rpr-pbrt.ma")
    finding = of("renderer_unsupported", scene)
    assert '"PBRT"' in finding.message
    assert "PBRT" not in finding.remedy


def test_frames_of_a_layer_need_not_be_those_of_the_timeline() -> None:
    own = layer("fx", frames=FrameSpan(40, 60), overridden=("frames",))
    assert preflight(sound(layers=(layer(), own))) == ()


def test_the_scenes_frames_are_not_told_where_every_layer_has_its_own() -> None:
    own = layer("fx", overridden=("frames",))
    assert preflight(sound(frames=FrameSpan(9, 3), layers=(own,))) == ()


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (FrameSpan(1, 10), FrameSpan(10, 20), True),
        (FrameSpan(1, 10), FrameSpan(11, 20), False),
        (FrameSpan(1, 9, 2), FrameSpan(2, 10, 2), False),
        (FrameSpan(1, 9, 2), FrameSpan(3, 10, 2), True),
        (FrameSpan(1, 30, 2), FrameSpan(1, 30, 3), True),
        (FrameSpan(-math.inf, math.inf), FrameSpan(1, 30), True),
    ],
)
def test_layers_share_files_only_where_they_share_frames(
    one: FrameSpan, other: FrameSpan, clash: bool
) -> None:
    first, second = (
        output("a", "x.#.exr", frames=one),
        output("b", "x.#.exr", frames=other),
    )
    findings = preflight(sound(outputs=(first, second)))
    assert [each.code for each in findings] == ["outputs_collide"] * clash


@pytest.mark.parametrize(
    ("platform", "clash"), [("win32", True), ("darwin", True), ("linux", False)]
)
def test_upper_and_lower_case_are_one_file_on_windows_and_macos(
    platform: str, clash: bool
) -> None:
    scene = sound(outputs=(output("a", "Fx.#.exr"), output("b", "fx.#.exr")))
    codes = [each.code for each in preflight(scene, Wishes(platform=platform))]
    assert codes == ["outputs_collide"] * clash


def test_the_remedy_names_every_token_that_is_missing() -> None:
    left = output("a", "x.#.exr", camera="left")
    right = output("b", "x.#.exr", camera="right", aov="depth")
    finding = of("outputs_collide", sound(outputs=(left, right)))
    assert "<RenderLayer> and <Camera> and <RenderPass>" in finding.remedy


def test_aovs_within_an_exr_make_it_larger() -> None:
    aovs = tuple(Aov(name, name, "aiAOV", enabled=True) for name in ("N", "Z", "P"))
    tight = into(free_bytes=1_500_000_000)
    assert preflight(sound(), tight) == ()
    assert of("disk_too_small", sound(aovs=aovs), tight)
    own_files = tuple(
        output("beauty", f"{aov.name}.#.exr", aov=aov.name) for aov in aovs
    )
    pictures = sound(aovs=aovs, outputs=(*sound().outputs, *own_files))
    assert "400 pictures" in of("disk_too_small", pictures, tight).message


def test_a_jpeg_takes_less_room_than_an_exr() -> None:
    small = dataclasses.replace(EXR, name="JPEG", extension="jpg")
    tight = into(free_bytes=500_000_000)
    assert of("disk_too_small", sound(), tight)
    assert preflight(sound(layers=(layer(image_format=small),)), tight) == ()


def test_a_folder_whose_room_is_not_known_is_not_called_full() -> None:
    assert preflight(sound(), into(free_bytes=None)) == ()


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_letters_beyond_ascii_trouble_no_renderer_outside_windows(
    platform: str,
) -> None:
    assert preflight(sound(path="été/a.ma"), Wishes(platform=platform)) == ()


def test_letters_beyond_ascii_are_told_only_of_renderers_known_to_fail() -> None:
    plain = sound(
        path="été/a.ma",
        layers=(layer(renderer="redshift"),),
        plugins=(Plugin("redshift4maya", "2025"),),
    )
    assert preflight(plain, WINDOWS) == ()


def test_script_nodes_that_maya_writes_are_not_told() -> None:
    own = script("uiConfigurationScriptNode", 3)
    assert preflight(sound(script_nodes=(own,))) == ()
    assert of("script_runs", sound(script_nodes=(script(own.name, 1),)))


def test_scripts_of_one_type_are_told_together() -> None:
    nodes = tuple(script(f"rig{number}", 7) for number in range(6))
    finding = of("script_runs", sound(script_nodes=nodes))
    assert "and 3 more run by itself" not in finding.message
    assert "and 3 more" in finding.message
    assert "whenever the time changes" in finding.message


def test_a_damaged_file_is_not_blamed_for_what_was_not_read() -> None:
    codes = [each.code for each in preflight(sound(damage="cut", layers=()))]
    assert "no_renderable_layer" not in codes
    layers = (layer(cameras=(), animation=False),)
    blind = sound(damage="cut", layers=layers, cameras=(), animation=False)
    assert [each.code for each in preflight(blind)] == ["file_damaged"]


def test_damage_is_told_once_with_its_line(tmp_path: Path, shared: Path) -> None:
    whole = (shared / "scenes" / "02-rs-shader-override-hw2-2025.ma").read_bytes()
    path = tmp_path / "cut.ma"
    path.write_bytes(whole[:60_000])
    finding = of("file_damaged", read_snapshot(path, partial=True))
    assert finding.message == (
        "The file is damaged: line 406: the file ends inside this setAttr."
    )


def test_a_view_that_got_a_name_of_its_own_is_a_shots_camera() -> None:
    scene = sound(
        cameras=(
            CameraSnapshot("hero", "heroShape", True, False, True),
            CameraSnapshot("shotCam", "shotCamShape", False, False, False),
        ),
        layers=(layer(cameras=("hero",)),),
    )
    assert preflight(scene) == ()


def test_sentences_agree_with_how_many_they_name() -> None:
    one = texture("a.#.exr", missing=(4,))
    assert "lacks number 4." in of("files_incomplete", sound(files=(one,))).message
    two = sound(script_nodes=(script("a", malware="x"), script("b", malware="x")))
    assert of("malware", two).message == '"a", "b" look like the Maya malware x.'


def test_real_scenes_are_told_what_an_artist_would_find(shared: Path) -> None:
    def codes(name: str) -> set[str]:
        scene = read_snapshot(shared / "scenes" / name)
        return {each.code for each in preflight(scene, Wishes(maya_version="2025"))}

    assert {"several_cameras", "timeline_differs", "renderers_mixed"} <= codes(
        "01-rs-layers-per-layer-overrides.ma"
    )
    assert {"plugin_leftover", "animation_off"} <= codes("03-redshift-2025.ma")
    assert {"education_licence", "one_frame"} <= codes("06-rs-openpype-pal-1001.ma")
    assert "legacy_layers" in codes("09-legacy-3layers-shading-override.ma")
    assert {"reference_missing", "camera_unknown"} <= codes(
        "22-refs-alembic-rpr-pbrt.ma"
    )


def test_a_scene_that_cannot_be_read_is_an_error_with_the_place() -> None:
    error = SceneReadError("a.ma", "it breaks off", line=7, remedy="Save it again.")
    finding = unreadable(error)
    assert (finding.level, finding.where) == ("error", "a.ma")
    assert finding.message == "a.ma, line 7: it breaks off."
    assert finding.remedy == "Save it again."


def test_cameras_of_one_name_need_names_of_their_own() -> None:
    twins = tuple(
        output("beauty", "c1/x.#.exr", camera=camera) for camera in ("a|c1", "b|c1")
    )
    finding = of("outputs_collide", sound(outputs=twins))
    assert finding.remedy == "Give each of these cameras a name of its own."
    others = tuple(output("beauty", "x.#.exr", camera=camera) for camera in ("a", "b"))
    assert "<Camera>" in of("outputs_collide", sound(outputs=others)).remedy
