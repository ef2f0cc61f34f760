"""Which folders a queue may be kept in; with tables of mounts of real machines."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from lrc_toolbox.store import disks
from lrc_toolbox.store.disks import (
    Mount,
    NetworkDriveError,
    mount_of,
    network_file_system,
    read_mountinfo,
    require_local_disk,
    windows_network_drive,
)
from lrc_toolbox.store.sqlite_file import SqliteStore

# Shortened from a workstation with studio storage: automounted NFS home folders, a CIFS
# share with a blank in its name, a bind mount of a local folder inside the NFS one.
STUDIO = r"""
22 28 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:13 - proc proc rw
28 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw,errors=remount-ro
31 28 0:27 / /home rw,relatime shared:15 - autofs /etc/auto.home rw,fd=6,pgrp=1
90 31 0:50 / /home/ada rw,relatime shared:60 - nfs4 nas:/export/ada rw,vers=4.2
91 28 0:51 / /mnt/studio\040share rw,relatime shared:61 - cifs //nas/studio rw
92 90 8:2 /scratch /home/ada/scratch rw,relatime shared:1 - ext4 /dev/sda2 rw
93 28 0:52 / /mnt/cloud rw,relatime shared:62 - fuse.sshfs ada@far:/ rw,user_id=1000
94 28 0:53 / /mnt/usb rw,relatime shared:63 - fuseblk /dev/sdb1 rw,user_id=0
95 28 0:54 / /mnt/late rw,relatime - autofs systemd-1 rw,fd=30
96 95 0:55 / /mnt/late rw,relatime - lustre mds:/big rw
97 28 0:56 / /mnt/gone rw,relatime master:1 propagate_from:2 - beegfs beegfs_nodev rw
"""
SANDBOX = "10 1 0:10 / / rw - 9p none rw,trans=fd,rfdno=4,wfdno=4,cache=mmap"
WSL = r"""
60 1 8:32 / / rw,relatime - ext4 /dev/sdc rw,discard
80 60 0:60 / /mnt/c rw,noatime - 9p drvfs rw,dirsync,aname=drvfs;path=C:\;uid=1000
"""
DISKLESS = "20 1 0:17 / / ro,relatime - nfs 10.0.0.1:/srv/root ro,vers=3"


@pytest.mark.parametrize(
    ("table", "folder", "found"),
    [
        (STUDIO, "/home/ada/.local/share/lrc", "nfs4"),
        (STUDIO, "/home/ada", "nfs4"),
        (STUDIO, "/home/ada/scratch/lrc", None),
        (STUDIO, "/home/adam", None),
        (STUDIO, "/home/bob", None),
        (STUDIO, "/mnt/studio share/queue", "cifs"),
        (STUDIO, "/mnt/studio", None),
        (STUDIO, "/mnt/cloud/x", "fuse.sshfs"),
        (STUDIO, "/mnt/usb/x", None),
        (STUDIO, "/mnt/late/x", "lustre"),
        (STUDIO, "/mnt/gone", "beegfs"),
        (STUDIO, "/var/lib", None),
        (SANDBOX, "/root/.local/share/lrc", None),
        (WSL, "/mnt/c/Users/ada", "9p"),
        (WSL, "/home/ada", None),
        (DISKLESS, "/home/ada", "nfs"),
        ("", "/home/ada", None),
        ("not a table\n1 2 3 -\n", "/home/ada", None),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="reads POSIX paths")
def test_a_folder_is_on_the_deepest_and_latest_mount_above_it(
    table: str, folder: str, found: str | None
) -> None:
    assert network_file_system(mount_of(folder, read_mountinfo(table))) == found


@pytest.mark.parametrize("file_system", ["smbfs", "afpfs", "webdav", "nfs"])
@pytest.mark.skipif(os.name != "posix", reason="reads POSIX paths")
def test_macos_shares_are_network_drives(file_system: str) -> None:
    mounts = [Mount("/", "apfs"), Mount("/Volumes/studio", file_system)]
    assert network_file_system(mount_of("/Volumes/studio/lrc", mounts)) == file_system
    assert network_file_system(mount_of("/Users/ada", mounts)) is None


@pytest.mark.parametrize(
    ("anchor", "drive_type", "found"),
    [
        ("C:\\", 3, None),
        ("Z:\\", 4, "a mapped network drive"),
        ("\\\\nas\\studio\\", 4, "a network share"),
        ("\\\\nas\\studio\\", 1, "a network share"),
        ("//nas/studio/", 1, "a network share"),
        ("\\\\?\\C:\\", 3, None),
        ("\\\\?\\UNC\\nas\\studio\\", 1, "a network share"),
        ("\\\\wsl.localhost\\Ubuntu\\", 1, "a network share"),
        ("", 0, None),
    ],
)
def test_windows_paths_on_shares_and_mapped_drives_are_told(
    anchor: str, drive_type: int, found: str | None
) -> None:
    assert windows_network_drive(anchor, drive_type) == found


def test_a_folder_of_this_machine_is_accepted_before_it_is_there(
    tmp_path: Path,
) -> None:
    require_local_disk(tmp_path)
    require_local_disk(tmp_path / "not" / "there" / "yet")


def test_the_error_names_the_folder_the_file_system_and_the_remedy() -> None:
    error = NetworkDriveError(Path("/home/ada"), "nfs4")
    assert (error.folder, error.file_system) == (Path("/home/ada"), "nfs4")
    assert str(error).startswith(f"{Path('/home/ada')}: ")
    assert "network drive (nfs4)" in str(error)
    assert error.remedy == "Set LRC_HOME to a folder on a disk of this computer."


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's table of mounts")
def test_no_queue_is_made_on_a_network_drive_even_through_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    link = tmp_path / "link"
    link.symlink_to(share)
    table = tmp_path / "mountinfo"
    table.write_text(f"{DISKLESS.replace(' nfs ', ' ext4 ')}\n"
                     f"90 20 0:50 / {share} rw - nfs4 nas:/export rw\n")  # fmt: skip
    monkeypatch.setattr(disks, "_MOUNT_TABLE", table)
    with pytest.raises(NetworkDriveError, match="nfs4") as caught:
        SqliteStore(link / "queue.sqlite")
    assert caught.value.folder == link
    assert list(share.iterdir()) == []
    SqliteStore(tmp_path / "queue.sqlite").close()
