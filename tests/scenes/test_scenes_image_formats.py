from __future__ import annotations

import pytest

from lrc_toolbox.scenes.image_formats import (
    maya_format,
    named_format,
    usual_formats,
    writes_format,
)
from lrc_toolbox.scenes.output_sequences import ImageFormat
from lrc_toolbox.scenes.renderer_settings import RENDERERS


@pytest.mark.parametrize(
    ("number", "key", "name", "extension"),
    [
        (3, "", "TIFF", "tif"),
        (10, "", "Maya 16 IFF", "iff"),
        (40, "", "OpenEXR", "exr"),
        (50, "psdLayered", "PSD", "psd"),
        (51, "exr", "OpenEXR", "exr"),
        (51, "maya", "Maya IFF", "iff"),
        (51, "", "Maya IFF", "iff"),
        (99, "", "format 99", ""),
    ],
)
def test_mayas_numbers_and_keys_name_formats(
    number: int, key: str, name: str, extension: str
) -> None:
    assert maya_format(number, key) == ImageFormat(name, extension, number, key)


@pytest.mark.parametrize(
    ("word", "name", "extension"),
    [
        ("exr (multichannel)", "OpenEXR", "exr"),
        ("deepexr", "OpenEXR", "exr"),
        ("jpeg", "JPEG", "jpg"),
        ("tif", "TIFF", "tif"),
        ("d_targa", "Targa", "tga"),
        ("sgi", "SGI", "sgi"),
        ("mine", "MINE", "mine"),
    ],
)
def test_renderers_words_name_formats(word: str, name: str, extension: str) -> None:
    found = named_format(word)
    assert (found.name, found.extension) == (name, extension)


@pytest.mark.parametrize(
    ("renderer", "word", "writes"),
    [
        ("mayaHardware2", "exr", True),
        ("mayaSoftware", "exr", False),
        ("mayaSoftware", "iff", True),
        ("mayaHardware2", "svg", False),
        ("arnold", "deepexr", True),
        ("arnold", "tga", False),
        ("redshift", "iff", True),
        ("redshift", "bmp", False),
        ("vray", "vrimg", True),
        ("vray", "iff", False),
        ("renderman", "d_openexr", True),
        ("renderman", "d_it", False),
        ("somebodysOwn", "anything", True),
    ],
)
def test_renderers_write_the_formats_that_they_are_known_to_write(
    renderer: str, word: str, writes: bool
) -> None:
    assert writes_format(renderer, named_format(word)) is writes


def test_only_usual_formats_are_offered_the_best_first() -> None:
    assert usual_formats("arnold") == ("OpenEXR", "TIFF", "PNG")
    assert usual_formats("mayaSoftware") == ("TIFF", "PNG", "Targa")
    assert usual_formats("somebodysOwn") == ()


@pytest.mark.parametrize("renderer", sorted(RENDERERS))
def test_every_format_that_is_offered_can_be_written(renderer: str) -> None:
    for name in usual_formats(renderer):
        assert writes_format(renderer, ImageFormat(name, ""))
