"""Engines by name. An engine is imported when it is first asked for, and only then.

Any thread.
"""

from __future__ import annotations

from lrc_toolbox.engines.engine import Engine
from lrc_toolbox.jobs.nearest import did_you_mean
from lrc_toolbox.jobs.submission import SubmissionError

#: What `Submission.engine` may be.
ENGINE_NAMES = ("preview", "command")


def engine(name: str) -> Engine:
    """Give the engine of a name.

    Raises:
        SubmissionError: there is no such engine; names the nearest.
    """
    # Stateless, so a new one each time is as good as the last one.
    if name == "preview":
        from lrc_toolbox.engines.preview.engine import PreviewEngine

        return PreviewEngine()
    if name == "command":
        from lrc_toolbox.engines.command import CommandEngine

        return CommandEngine()
    raise SubmissionError(
        "engine",
        f'There is no engine "{name}".',
        remedy=did_you_mean(name, ENGINE_NAMES),
    )
