"""`lrc render` of a real Maya scene by the preview engine."""

from __future__ import annotations

import pytest

from tests.cli.conftest import REPOSITORY, Lrc

SCENE = REPOSITORY / "docs" / "examples" / "rocket.ma"


def test_a_layer_of_the_example_scene_is_rendered(lrc: Lrc) -> None:
    pytest.importorskip("mitsuba")
    oiio = pytest.importorskip("OpenImageIO")
    told = lrc.here(
        *("render", SCENE, "--layers", "matte", "--frames", 1),
        *("--resolution", "64x36", "--samples", 1, "--format", "exr,png"),
    )
    assert (told.returncode, told.stderr) == (0, "")
    pictures = sorted((lrc.folder / "renders").rglob("*.*"))
    assert [path.suffix for path in pictures] == [".exr", ".png"]
    spec = oiio.ImageBuf(str(pictures[0])).spec()
    assert (spec.width, spec.height) == (64, 36)


def test_an_unknown_layer_names_the_nearest_and_starts_nothing(lrc: Lrc) -> None:
    before = lrc.json("queue", "--all")["jobs"]
    error = lrc.json("render", SCENE, "--layers", "beuty")["error"]
    assert error["kind"] == "submission"
    assert '"beauty"' in error["remedy"]
    assert lrc.json("queue", "--all")["jobs"] == before
