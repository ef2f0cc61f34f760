"""Where Linux keeps the limits of the control groups this process is in.

Version 1, version 2 and both side by side; what a limit means is said in `machine.cpus`
and `machine.memory`. Elsewhere than on Linux there are no folders. Any thread.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import NamedTuple

_PROC = Path("/proc/self")


def limit_folders(controller: str) -> list[Path]:
    """List the folders with limits of this process, its own group's first.

    A group is also bound by the limits of every group around it.

    Args:
        controller: "cpu" or "memory".
    """
    try:
        groups = (_PROC / "cgroup").read_text()
        mounts = (_PROC / "mountinfo").read_text()
    except OSError:
        return []
    return [Path(folder) for folder in find_folders(controller, groups, mounts)]


def find_folders(controller: str, groups: str, mounts: str) -> list[PurePosixPath]:
    """Find those folders in what the kernel tells.

    Args:
        controller: "cpu" or "memory".
        groups: text of `/proc/self/cgroup`, see cgroups(7).
        mounts: text of `/proc/self/mountinfo`, see proc(5).
    """
    found: list[PurePosixPath] = []
    for mount in _mounts(controller, mounts):
        for group in _groups(controller, groups, version_2=mount.version_2):
            found.extend(_upwards(group, mount))
    return found


class _Mount(NamedTuple):
    """A place where groups are to be seen, and the group that is seen there."""

    root: PurePosixPath
    place: PurePosixPath
    version_2: bool


def _mounts(controller: str, mounts: str) -> list[_Mount]:
    found = []
    for line in mounts.splitlines():
        ours, _, theirs = line.partition(" - ")
        root, place = (PurePosixPath(_plain(path)) for path in ours.split()[3:5])
        kind, _, options = theirs.split(None, 2)
        if kind == "cgroup2" or (kind == "cgroup" and controller in options.split(",")):
            found.append(_Mount(root, place, kind == "cgroup2"))
    return found


def _groups(controller: str, groups: str, *, version_2: bool) -> list[PurePosixPath]:
    found = []
    for line in groups.splitlines():
        number, controllers, group = line.split(":", 2)
        ours = number == "0" if version_2 else controller in controllers.split(",")
        if ours:
            found.append(PurePosixPath(group))
    return found


def _upwards(group: PurePosixPath, mount: _Mount) -> list[PurePosixPath]:
    """The folders of a group and of those around it, up to the mount."""
    # Inside a container the group's path may be the host's, of which only the mount's
    # root is to be seen.
    seen = group.is_relative_to(mount.root)
    inside = group.relative_to(mount.root) if seen else PurePosixPath()
    return [mount.place / path for path in (inside, *inside.parents)]


def _plain(path: str) -> str:
    r"""Undo mountinfo's octal escapes: a blank is `\040`."""
    return re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), path)


def read_limit(path: Path) -> int | None:
    """Read a file with one number; None where it is absent or sets no limit."""
    try:
        text = path.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None  # else "max", or -1 in version 1
