"""What is committed belongs to the project, not to the machine it was made on."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Written in pieces, so that this file does not find itself.
FOREIGN = re.compile(
    "|".join(
        (
            r"/" + r"work/(?:main|shared|\.)",
            # Any machine's root user keeps its data in .local/share.
            r"(?<![\w.\-/])/" + r"root/(?!\.local/share/)",
            r"/tmp/" + r"(?:probe|lrc|bash_jobs)",
            r"\.pyenv/versions/" + r"\d",
            r"pypi\." + r"org|python" + r"hosted|deb\.debian\." + r"org",
            r"registry\." + r"npmjs|file:///" + r"opt/",
        )
    )
)


def committed_texts() -> Iterator[tuple[str, str]]:
    """Every committed text file: its name and its text."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode:
        pytest.skip("needs a git checkout to know which files are committed")
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file():
            content = path.read_bytes()
            if b"\0" not in content:
                yield name, content.decode("utf-8", "replace")


def foreign_lines(text: str) -> Iterator[int]:
    """The lines that name one machine's folder or a package registry, from 1."""
    for number, line in enumerate(text.splitlines(), start=1):
        if FOREIGN.search(line):
            yield number


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_no_committed_file_names_this_machine_or_a_registry() -> None:
    found = [
        f"{name}:{line}"
        for name, text in committed_texts()
        for line in foreign_lines(text)
    ]
    assert not found


@pytest.mark.parametrize(
    "text",
    [
        'sys.path.insert(0, "/' + 'work/main")',
        "--home=/" + "root/.pyenv",
        "see /tmp/" + "lrc/clone",
        "pip install --index-url https://pypi." + "org/simple",
    ],
)
def test_a_path_of_this_machine_is_recognised(text: str) -> None:
    assert list(foreign_lines(f"fine\n{text}\n")) == [2]


@pytest.mark.parametrize(
    "text", ["renders/work/beauty.exr", "the root/leaf of a tree", "~/.pyenv/versions"]
)
def test_an_ordinary_path_is_not_mistaken_for_one(text: str) -> None:
    assert list(foreign_lines(text)) == []
