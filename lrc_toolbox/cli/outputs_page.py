"""What `lrc inspect --outputs` prints: the pictures that a render would leave behind.

Pure: no disk, no clock.
"""

from __future__ import annotations

from itertools import groupby

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from lrc_toolbox.jobs.wording import count, printable
from lrc_toolbox.scenes.output_sequences import OutputSequence
from lrc_toolbox.scenes.preflight_frames import frames_text
from lrc_toolbox.scenes.snapshot import SceneSnapshot


class OutputsPage:
    """Every sequence of pictures: its pattern, and below which layer and camera.

    Args:
        scene: whose pictures.
    """

    def __init__(self, scene: SceneSnapshot) -> None:
        self._scene = scene

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        yield Text(printable(self._scene.path), "bold")
        outputs = self._scene.outputs
        for (layer, camera), group in groupby(outputs, _eye):
            yield Text(f"\n{printable(layer)}  {printable(camera)}", "bold")
            for output in group:
                yield _line(output)
        files = sum(output.count for output in outputs)
        yield Text(f"\n{count(files, 'file')} in {count(len(outputs), 'sequence')}")


def _eye(output: OutputSequence) -> tuple[str, str]:
    return output.layer, output.camera


def _line(output: OutputSequence) -> Text:
    numbers = frames_text(output.numbers)
    frames = frames_text(output.frames)
    # "Renumber frames" gives pictures other numbers than their frames'.
    named = frames if numbers == frames else f"{frames} as {numbers}"
    many = f"{named}, {count(output.count, 'file')}"
    aov = f"  {output.aov}" if output.aov else ""
    line = Text(f"  {printable(output.pattern)}")
    return line.append(printable(f"{aov}  {many}"), "dim")
