"""A kept-open worker that nobody manages: all it shall render is said at the start.

Started with the same arguments, environment and CPUs as the service would; its input is
closed after its last frame, and nobody looks at its pictures.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lrc_toolbox.engines.registry import engine
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.grant import Grant
from lrc_toolbox.jobs.records import TaskPlan
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.running.processes import detachment


@dataclass(frozen=True)
class Share:
    """What one worker renders: tasks one after the other, some frames of each."""

    submission: Submission
    parts: tuple[tuple[TaskPlan, FrameRange], ...]


def even_shares(
    submission: Submission, frame_s: Sequence[float]
) -> tuple[Share, Share]:
    """Splits three layers between two workers as evenly as their frames allow.

    Each has a layer to itself and some frames of the third, so that no order of work
    could end sooner.

    Args:
        submission: three layers through one camera.
        frame_s: how long a frame of each takes, seconds.
    """
    first, second, third = engine(submission.engine).plan(submission)
    count = len(third.frames)

    def later_end(taken: int) -> float:
        return max(
            len(first.frames) * frame_s[0] + taken * frame_s[2],
            len(second.frames) * frame_s[1] + (count - taken) * frame_s[2],
        )

    mine, rest = third.frames.take(min(range(count + 1), key=later_end))
    return (
        Share(submission, ((first, first.frames), (third, mine))),
        Share(submission, ((second, second.frames), (third, rest))),
    )


class BareWorker:
    """A worker at work on its share.

    Args:
        share: what it renders.
        cpu_ids: the CPUs that it keeps to.
        folder: where it runs.
    """

    def __init__(self, share: Share, cpu_ids: tuple[int, ...], folder: Path) -> None:
        self._frames = sum(len(frames) for _, frames in share.parts)
        submission = share.submission
        plan, frames = share.parts[0]
        launch = engine(submission.engine).launch(
            submission, submission.scene, plan, frames, Grant(cpu_ids=cpu_ids)
        )
        self._process = subprocess.Popen(
            launch.argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **launch.environment},
            cwd=folder,
            # As the service starts them: Linux shares out CPUs by session (autogroup),
            # so that two workers in ours would together get what each of its has.
            **detachment(),
        )
        assert self._process.stdin is not None  # asked for with PIPE
        for request in _requests(share):
            self._process.stdin.write(f"{json.dumps(request)}\n".encode())
        self._process.stdin.flush()

    def finish(self) -> bytes:
        """Waits for its last frame and its end; all that it said.

        Raises:
            RuntimeError: it did not render all frames.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        said: list[bytes] = []
        finished = 0
        with self._process:
            for line in self._process.stdout:
                said.append(line)
                finished += line.startswith(b'{"lrc":"frame_finished"')
                if finished == self._frames:
                    self._process.stdin.close()
        if finished < self._frames:
            raise RuntimeError(f"{finished} of {self._frames} frames: {said[-1:]!r}")
        return b"".join(said)


def _requests(share: Share) -> Iterator[dict[str, Any]]:
    """What docs/worker-protocol.md has a service say."""
    submission = share.submission
    for number, (plan, frames) in enumerate(share.parts, start=1):
        opening = engine(submission.engine).opening(submission, submission.scene, plan)
        yield {"open": opening, "task": f"1.{number}"}
        for frame in frames:
            outputs = [picture.path(frame) for picture in plan.pictures]
            yield {"render": frame, "task": f"1.{number}", "outputs": outputs}
