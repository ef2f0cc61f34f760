"""The options that `lrc render` and `lrc submit` share, named as `Submission` has them.

Every one is None where it was not typed, so that what a job file says, and what
`Submission` takes by itself, stays untouched. Checking is left to `Submission`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_WHAT = "What to render"
_HOW = "How it looks"
_QUEUE = "How it is queued"

Scenes = Annotated[
    list[str],
    typer.Argument(metavar="SCENE", help="Scene files, or job files (.json)."),
]
Layers = Annotated[
    list[str] | None,
    typer.Option(
        "--layers",
        metavar="NAMES",
        help="Render layers, by commas or repeated. All renderable ones by default.",
        rich_help_panel=_WHAT,
    ),
]
Cameras = Annotated[
    list[str] | None,
    typer.Option(
        "--cameras",
        metavar="NAMES",
        help="Cameras, by commas or repeated. Each layer's own by default.",
        rich_help_panel=_WHAT,
    ),
]
Frames = Annotated[
    str | None,
    typer.Option(
        "--frames",
        metavar="RANGE",
        help="1001-1100, 1,5,10-20 or 1-100x5. As the scene says by default.",
        rich_help_panel=_WHAT,
    ),
]
KeepEnds = Annotated[
    bool | None,
    typer.Option(
        "--keep-ends/--no-keep-ends",
        help="Whether 1-100x5 also renders frame 100. It does by default.",
        rich_help_panel=_WHAT,
        show_default=False,
    ),
]
Order = Annotated[
    str | None,
    typer.Option(
        "--order",
        metavar="NAME",
        help="ascending, descending, preview_first (first, middle, last, then halves) "
        "or as_given (as --frames lists them).",
        rich_help_panel=_WHAT,
    ),
]
OutputFolder = Annotated[
    str | None,
    typer.Option(
        "--out",
        metavar="FOLDER",
        help="Where pictures go. `renders` in this folder by default.",
        rich_help_panel=_WHAT,
    ),
]
Prefix = Annotated[
    str | None,
    typer.Option(
        "--prefix",
        metavar="PATTERN",
        help="Picture names in it, e.g. <RenderLayer>/<Camera>/<Scene>.",
        rich_help_panel=_WHAT,
    ),
]
Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="NAMES",
        help="exr, png or both. exr by default.",
        rich_help_panel=_HOW,
    ),
]
Resolution = Annotated[
    str | None,
    typer.Option(
        "--resolution",
        metavar="WxH",
        help="Size in pixels, e.g. 1920x1080. The scene's by default.",
        rich_help_panel=_HOW,
    ),
]
Percent = Annotated[
    float | None,
    typer.Option(
        "--percent",
        metavar="N",
        help="Size as a part of the scene's, e.g. 50.",
        rich_help_panel=_HOW,
    ),
]
Samples = Annotated[
    int | None,
    typer.Option(
        "--samples",
        metavar="N",
        help="Samples per pixel of the preview engine.",
        rich_help_panel=_HOW,
    ),
]
Engine = Annotated[
    str | None,
    typer.Option(
        "--engine",
        metavar="NAME",
        help="What renders: preview needs no Maya and is the default.",
        rich_help_panel=_HOW,
    ),
]
Priority = Annotated[
    int | None,
    typer.Option(
        "--priority",
        metavar="N",
        help="0 to 100, higher is sooner. 50 by default.",
        rich_help_panel=_QUEUE,
    ),
]
After = Annotated[
    list[str] | None,
    typer.Option(
        "--after",
        metavar="JOBS",
        help="Start when these jobs are done, by commas or repeated.",
        rich_help_panel=_QUEUE,
    ),
]
FramesAfter = Annotated[
    list[str] | None,
    typer.Option(
        "--frames-after",
        metavar="JOBS",
        help="Render each frame once the same frame of these jobs is proved.",
        rich_help_panel=_QUEUE,
    ),
]
LayersAfter = Annotated[
    list[str] | None,
    typer.Option(
        "--layers-after",
        metavar="LAYER=LAYERS",
        help="comp=beauty,matte renders comp after these two. May be repeated.",
        rich_help_panel=_QUEUE,
    ),
]
Existing = Annotated[
    str | None,
    typer.Option(
        "--existing",
        metavar="NAME",
        help="Pictures that are there: render them again (the default), skip those "
        "that are whole (proved), or whole and rendered from the same (unchanged).",
        rich_help_panel=_WHAT,
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads",
        metavar="N",
        help="CPU threads of each render process.",
        rich_help_panel=_QUEUE,
    ),
]
Chunk = Annotated[
    int | None,
    typer.Option(
        "--chunk",
        metavar="N",
        help="Frames per process, for engines that start one per chunk.",
        rich_help_panel=_QUEUE,
    ),
]
Retries = Annotated[
    int | None,
    typer.Option(
        "--retries",
        metavar="N",
        help="How often a failed frame is tried again. Once by default.",
        rich_help_panel=_QUEUE,
    ),
]
StopAfter = Annotated[
    int | None,
    typer.Option(
        "--stop-after",
        metavar="N",
        help="Stop a layer after so many frames failed in a row in the same way. "
        "0 for never, 3 by default.",
        rich_help_panel=_QUEUE,
    ),
]
FrameLimit = Annotated[
    float | None,
    typer.Option(
        "--frame-limit",
        metavar="SECONDS",
        help="End a frame that takes longer. No limit by default.",
        rich_help_panel=_QUEUE,
    ),
]
Stall = Annotated[
    float | None,
    typer.Option(
        "--stall",
        metavar="SECONDS",
        help="End a process that says nothing for longer. As suits the renderer by "
        "default.",
        rich_help_panel=_QUEUE,
    ),
]
MemoryLimit = Annotated[
    int | None,
    typer.Option(
        "--memory-limit",
        metavar="MIB",
        help="End a process that holds more memory. No limit by default.",
        rich_help_panel=_QUEUE,
    ),
]
PauseWhenOdd = Annotated[
    bool | None,
    typer.Option(
        "--pause-when-odd/--no-pause-when-odd",
        help="Pause the job when a frame is black, far smaller or far slower than "
        "its neighbours. It goes on by default.",
        rich_help_panel=_QUEUE,
        show_default=False,
    ),
]
Name = Annotated[
    str | None,
    typer.Option(
        "--name",
        metavar="TEXT",
        help="What lists call the job. The scene's name by default.",
        rich_help_panel=_QUEUE,
    ),
]
Note = Annotated[
    str | None,
    typer.Option(
        "--note", metavar="TEXT", help="A note for people.", rich_help_panel=_QUEUE
    ),
]
Notify = Annotated[
    list[str] | None,
    typer.Option(
        "--notify",
        metavar="EVENTS",
        help="Who is told, is told of these: done, failed, stopped, cancelled; or "
        "never. As notifications.json says by default.",
        rich_help_panel=_QUEUE,
    ),
]
Preset = Annotated[
    list[str] | None,
    typer.Option(
        "--preset",
        metavar="NAMES",
        help="Saved options, by commas or repeated; later ones win, and what is typed "
        "wins over all. `lrc preset list` shows them.",
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Only say what would be rendered."),
]
Project = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="FOLDER",
        exists=True,
        file_okay=False,
        help="Its Maya project. The nearest above it by default.",
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Print JSON for programs; see docs/td-guide.md."),
]
Jobs = Annotated[list[int], typer.Argument(metavar="JOB", help="Job numbers.")]
SomeJobs = Annotated[
    list[int] | None, typer.Argument(metavar="JOB", help="Job numbers.")
]
OneJob = Annotated[int | None, typer.Argument(metavar="JOB", help="A job's number.")]
