"""A render process that costs next to nothing, and says itself when it began and ended.

A program in C where there is a compiler, so that what is measured is the queue and not
the start of an interpreter; the same in Python otherwise. It prints progress lines,
copies a picture into its place and appends its two time stamps to a file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lrc_toolbox.jobs.submission import Submission

_C = r"""
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}
int main(int argc, char **argv) {
    double began = now();
    const char *output = argv[1], *picture = argv[2], *stamps = argv[3];
    int lines = atoi(argv[4]), pause_us = atoi(argv[5]);
    char part[4096], block[65536], text[64];
    ssize_t size;
    for (int i = 1; i <= lines; i++) {
        struct timespec pause = {0, pause_us * 1000L};
        nanosleep(&pause, NULL);
        printf("rendering, %d%% done\n", 100 * i / lines);
        fflush(stdout);
    }
    snprintf(part, sizeof part, "%s.part", output);
    int from = open(picture, O_RDONLY);
    int to = open(part, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (from < 0 || to < 0) return 1;
    while ((size = read(from, block, sizeof block)) > 0)
        if (write(to, block, size) != size) return 1;
    close(to);
    if (rename(part, output)) return 1;
    int log = open(stamps, O_WRONLY | O_CREAT | O_APPEND, 0644);
    int length = snprintf(text, sizeof text, "%.6f %.6f\n", began, now());
    return write(log, text, length) != length;
}
"""

_PYTHON = """\
import time
began = time.time()
import os, shutil, sys
output, picture, stamps, lines, pause_us = sys.argv[1:]
for line in range(1, int(lines) + 1):
    time.sleep(int(pause_us) / 1e6)
    print("rendering, %d%% done" % (100 * line // int(lines)), flush=True)
shutil.copyfile(picture, output + ".part")
os.replace(output + ".part", output)
with open(stamps, "a") as log:
    log.write("%.6f %.6f\\n" % (began, time.time()))
"""

WIDTH, HEIGHT = 16, 9


@dataclass(frozen=True)
class TinyTask:
    """The program, ready to be started.

    Attributes:
        argv: how to start it, without its arguments.
        folder: where its picture, its scene and its stamps are.
    """

    argv: tuple[str, ...]
    folder: Path

    @property
    def stamps_file(self) -> Path:
        """Where every process appends when it began and ended."""
        return self.folder / "stamps"

    @property
    def language(self) -> str:
        """What it is written in."""
        return "Python" if len(self.argv) > 1 else "C"

    def command(self, output: str, lines: int = 0, pause_us: int = 0) -> list[str]:
        """How to start it, to write this picture.

        Args:
            output: where the picture goes.
            lines: how many lines it prints.
            pause_us: how long it sleeps before each, microseconds.
        """
        files = [str(self.folder / "whole.exr"), str(self.stamps_file)]
        return [*self.argv, output, *files, str(lines), str(pause_us)]

    def submission(self, frames: str, lines: int = 0, pause_us: int = 0) -> Submission:
        """A job for the queue, a process for every frame."""
        return Submission(
            scene=str(self.folder / "shot.ma"),
            output_folder=str(self.folder / "out"),
            prefix="<RenderLayer>/<Camera>/<Scene>",
            engine="command",
            frames=frames,
            command=tuple(self.command("<output>", lines, pause_us)),
            resolution=(WIDTH, HEIGHT),
        )

    def stamps(self) -> list[tuple[float, float]]:
        """When its processes began and ended, seconds since 1970, oldest first."""
        if not self.stamps_file.exists():
            return []
        lines = self.stamps_file.read_text(encoding="ascii").splitlines()
        pairs = [line.split() for line in lines]
        return sorted((float(began), float(ended)) for began, ended in pairs)

    def forget(self) -> None:
        """Begins a new list of time stamps."""
        self.stamps_file.unlink(missing_ok=True)


def make_tiny_task(folder: Path) -> TinyTask:
    """Builds the program in a folder of its own."""
    folder.mkdir()
    (folder / "shot.ma").write_text("//Maya ASCII 2024 scene\n", encoding="ascii")
    _write_picture(folder / "whole.exr")
    return TinyTask(_compiled(folder) or _interpreted(folder), folder)


def slot_gaps(stamps: Sequence[tuple[float, float]], slots: int) -> list[float]:
    """How long slots stood empty between two processes, in seconds.

    A process is taken to follow the one that ended first of those nobody has followed;
    the sum is the same whichever is taken.

    Args:
        stamps: when processes began and ended, oldest first.
        slots: how many run at a time.
    """
    ends: list[float] = sorted(ended for _, ended in stamps)
    begins = sorted(began for began, _ in stamps)[slots:]
    return [began - ended for began, ended in zip(begins, ends, strict=False)]


def _compiled(folder: Path) -> tuple[str, ...]:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or os.name == "nt":
        return ()
    (folder / "tiny.c").write_text(_C, encoding="ascii")
    program = folder / "tiny"
    made = subprocess.run(
        [compiler, "-O1", "-o", str(program), str(folder / "tiny.c")],
        capture_output=True,
        check=False,
    )
    return (str(program),) if made.returncode == 0 else ()


def _interpreted(folder: Path) -> tuple[str, ...]:
    script = folder / "tiny.py"
    script.write_text(_PYTHON, encoding="ascii")
    return (sys.executable, "-S", "-E", str(script))


def _write_picture(path: Path) -> None:
    # Imported here: the panel's share of imports is measured in other processes, but
    # most measurements need no pictures and start sooner without.
    import OpenImageIO

    buffer = OpenImageIO.ImageBuf(OpenImageIO.ImageSpec(WIDTH, HEIGHT, 4, "half"))
    if not buffer.write(str(path)):
        raise OSError(buffer.geterror())
