"""The pictures of pages in the documents come out of the script as they stand there."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import terminal_pictures


@pytest.mark.parametrize("name", list(terminal_pictures.WIDTHS))
def test_a_picture_shows_what_the_documents_show(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the script goes elsewhere; afterwards we are back
    terminal_pictures.main([str(tmp_path)])
    published = terminal_pictures.ROOT / "docs" / "images" / f"{name}.svg"
    assert words(tmp_path / f"{name}.svg") == words(published)


def words(picture: Path) -> list[str]:
    """The words in a picture; how they are drawn is up to the version of rich."""
    texts = ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}text")
    return re.split(r"\s+", " ".join(text.text or "" for text in texts))
