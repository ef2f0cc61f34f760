"""What `lrc` tells the shell when it ends. Documented in docs/td-guide.md."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The outcome of one command."""

    DONE = 0  # for render and watch: every frame is proved
    FRAMES_FAILED = 1  # the job ended, at least one frame was given up
    REFUSED = 2  # the input is wrong or cannot be done; nothing was started
    CANCELLED = 3  # the job was cancelled or removed
    DETACHED = 4  # the job goes on without this command
    SPOILED = 5  # preflight found what would spoil the render
    DIFFERENT = 6  # the scenes of `diff` are not the same
    FAULT = 70  # a fault of lrc itself, as EX_SOFTWARE of sysexits.h
    INTERRUPTED = 130  # Ctrl-C without an answer; jobs go on
    READER_GONE = 141  # as a shell reports SIGPIPE; jobs go on
