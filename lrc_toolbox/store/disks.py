"""Is a folder on a disk of this computer? A queue file must be.

SQLite's write-ahead log is shared memory between processes of one computer; on a
network file system two of them may see different queues or destroy the file
(https://www.sqlite.org/wal.html, "All processes using a database must be on the same
host computer"). Reads the table of mounts; opens no queue.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import NamedTuple

from lrc_toolbox.store.errors import StoreError

# As /proc/self/mountinfo and macOS name them; FUSE ones without their "fuse." before.
# The last line is folders a virtual machine shares with its host: no shared memory.
_NETWORK = (
    "nfs nfs4 cifs smb2 smb3 smbfs smbnetfs ncpfs afpfs webdav davfs davfs2 ftp "
    "curlftpfs sshfs rclone s3fs gcsfuse goofys juicefs gvfsd-fuse onedriver "
    "afs coda lustre ceph ceph-fuse glusterfs beegfs beegfs_nodev gpfs panfs pvfs2 "
    "orangefs ocfs2 gfs2 wekafs quobyte mfs moosefs lizardfs "
    "9p vboxsf prl_fs vmhgfs vmhgfs-fuse"
)
_MOUNT_TABLE = Path("/proc/self/mountinfo")
_DRIVE_REMOTE = 4  # GetDriveTypeW, fileapi.h
_OCTAL = re.compile(r"\\([0-7]{3})")


class NetworkDriveError(StoreError):
    """The queue's folder is on a network drive.

    Attributes:
        folder: the folder.
        file_system: what it is on, e.g. "nfs4" or "a network share".
    """

    def __init__(self, folder: Path, file_system: str) -> None:
        super().__init__(
            folder,
            f"this folder is on a network drive ({file_system}), where a queue cannot "
            "be kept: two computers would destroy it.",
            remedy="Set LRC_HOME to a folder on a disk of this computer.",
        )
        self.folder = folder
        self.file_system = file_system


class Mount(NamedTuple):
    """A mounted file system: where, and its type."""

    point: str
    file_system: str


def require_local_disk(folder: Path) -> None:
    """Refuse a folder on a network drive; the folder need not exist yet.

    Raises:
        NetworkDriveError: it is on one.
    """
    found = _network_drive(folder.resolve())
    if found is not None:
        raise NetworkDriveError(folder, found)


def read_mountinfo(text: str) -> list[Mount]:
    """Read Linux's /proc/self/mountinfo (proc_pid_mountinfo(5)).

    A line's optional fields end with " - ", after which the type comes; blanks in a
    path are written as octal escapes.
    """
    mounts = []
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        fields, rest = before.split(" "), after.split(" ")
        if len(fields) > 4:
            mounts.append(Mount(_OCTAL.sub(_character, fields[4]), rest[0]))
    return mounts


def mount_of(folder: str, mounts: Iterable[Mount]) -> Mount | None:
    """Return the mount a folder lies on: the deepest, and of equals the last.

    Of several mounts at one point the last covers the others, as the real file system
    covers the autofs that mounted it.
    """
    path = PurePath(folder)
    above = {str(path), *map(str, path.parents)}
    best: Mount | None = None
    for mount in mounts:
        if mount.point in above and (
            best is None or len(mount.point) >= len(best.point)
        ):
            best = mount
    return best


def network_file_system(mount: Mount | None) -> str | None:
    """Return the type of a mount if it is a network file system, else None."""
    if mount is None or mount.file_system.removeprefix("fuse.") not in _NETWORK.split():
        return None
    # gVisor and Kata Containers hand a sandbox its own root over 9p; no other
    # computer has it. Below the root, 9p is a folder of the host (WSL, QEMU).
    if mount == Mount("/", "9p"):
        return None
    return mount.file_system


def windows_network_drive(anchor: str, drive_type: int) -> str | None:
    r"""Say whether a Windows path begins on a network drive.

    Args:
        anchor: how the path begins: `C:\`, `\\server\share\` or `\\?\C:\`.
        drive_type: what GetDriveTypeW answers for it.
    """
    plain = anchor.replace("/", "\\")
    long_form = plain.startswith(("\\\\?\\", "\\\\.\\"))
    if plain.upper().startswith("\\\\?\\UNC\\") or (
        plain.startswith("\\\\") and not long_form
    ):
        return "a network share"
    return "a mapped network drive" if drive_type == _DRIVE_REMOTE else None


def _character(octal: re.Match[str]) -> str:
    return chr(int(octal.group(1), 8))


def _network_drive(folder: Path) -> str | None:
    # Only the Linux way could be run where this was written; what the other two make
    # of a system's answer is tested, how they ask for it is not.
    if sys.platform == "win32":
        import ctypes

        kind = ctypes.windll.kernel32.GetDriveTypeW(folder.anchor)
        return windows_network_drive(folder.anchor, kind)
    return network_file_system(mount_of(str(folder), _mounts()))


def _mounts() -> list[Mount]:
    if _MOUNT_TABLE.is_file():
        return read_mountinfo(_MOUNT_TABLE.read_text("utf-8", "surrogateescape"))
    import psutil  # 26 ms to import, which Linux does without

    return [
        Mount(part.mountpoint, part.fstype) for part in psutil.disk_partitions(all=True)
    ]
