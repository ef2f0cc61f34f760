"""The fastest open parser of both Maya formats, to be measured beside ours.

`DarkStarSword/maya-scenefile-parser` (MIT) is on no package index, so pip fetches it
from its repository into a folder that is deleted afterwards; the variable
``LRC_PEER_PARSER`` names another place, such as a clone, where that is out of reach.
Nothing of it is part of this project.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

NAME = "maya-scenefile-parser"
WHERE = os.environ.get(
    "LRC_PEER_PARSER", f"git+https://github.com/DarkStarSword/{NAME}"
)
_INSTALL_LIMIT_S = 180

# It calls back for what it finds; this keeps what our graph keeps and nothing more.
_PROGRAM = """
import sys, time
from maya_scenefile_parser import MayaAsciiParser, MayaBinaryParser
path = sys.argv[1]
binary = path.endswith(".mb")
nodes, values, connections = [], [], []
class Parser(MayaBinaryParser if binary else MayaAsciiParser):
    def on_create_node(self, nodetype, name, parent):
        nodes.append((nodetype, name, parent))
    def on_set_attr(self, name, value, type):
        values.append((name, value))
    def on_connect_attr(self, source, target):
        connections.append((source, target))
began = time.process_time()
with open(path, "rb" if binary else "r") as stream:
    Parser(stream).parse()
print(len(nodes), time.process_time() - began)
"""


class NoPeerError(Exception):
    """The parser cannot be had or fails on the file; says why."""


def install(folder: Path) -> None:
    """Installs it below a folder.

    Raises:
        NoPeerError: pip could not.
    """
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps"]
    try:
        subprocess.run(
            [*command, "--target", str(folder), WHERE],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_INSTALL_LIMIT_S,
            check=True,
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
        )
    except (subprocess.SubprocessError, OSError) as problem:
        raise NoPeerError(f"{NAME} cannot be installed from {WHERE}") from problem


def seconds(folder: Path, scene: Path, limit_s: float) -> tuple[int, float]:
    """Has it read a scene: how many nodes it found, and its CPU time.

    Raises:
        NoPeerError: it failed, or took longer than the limit.
    """
    began = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, str(scene)],
            env={**os.environ, "PYTHONPATH": str(folder)},
            capture_output=True,
            text=True,
            timeout=limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise NoPeerError(f"{NAME} did not end in {limit_s:g} s") from problem
    words = done.stdout.split()
    if done.returncode or len(words) != 2:
        last = (done.stderr.strip().splitlines() or ["nothing"])[-1]
        seconds_gone = time.monotonic() - began
        raise NoPeerError(f"{NAME} ended after {seconds_gone:.0f} s with: {last}")
    return int(words[0]), float(words[1])
