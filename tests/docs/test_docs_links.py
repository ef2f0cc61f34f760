"""What README and documents refer to is there: files, and headings within them."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img[^>]*\ssrc=\"([^\"]+)\"")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)

DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])


def links(text: str) -> list[str]:
    """Find what a document refers to within the repository."""
    found = [one or other for one, other in _LINK.findall(_CODE.sub("", text))]
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def anchors(text: str) -> set[str]:
    """Give the names of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize(
    "document",
    DOCUMENTS,
    ids=[path.relative_to(REPOSITORY).as_posix() for path in DOCUMENTS],
)
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    for link in links(document.read_text(encoding="utf-8")):
        place, _, anchor = unquote(link).partition("#")
        target = document.parent / place if place else document
        assert target.exists(), f"{link} leads nowhere"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


def test_no_picture_is_heavier_than_a_reader_wants_to_wait_for() -> None:
    pictures = list((REPOSITORY / "docs" / "images").glob("*.*"))
    assert pictures
    assert [path.name for path in pictures if path.stat().st_size > 400_000] == []


def test_every_decision_and_document_is_found_from_the_index() -> None:
    index = (REPOSITORY / "docs" / "README.md").read_text(encoding="utf-8")
    linked = {link.partition("#")[0] for link in links(index)}
    for document in (REPOSITORY / "docs").glob("*.md"):
        assert document.name in linked | {"README.md"}, document.name
