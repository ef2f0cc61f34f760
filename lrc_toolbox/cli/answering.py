"""`lrc why`: why a job stands where it stands, and each of its tasks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from lrc_toolbox.cli.columns import shorten_middle
from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.job_rows import STATE_STYLES
from lrc_toolbox.cli.json_lines import print_document
from lrc_toolbox.cli.terminal import broken, console
from lrc_toolbox.jobs.wording import count, printable
from lrc_toolbox.queue import JobAnswer, RenderQueue, TaskAnswer

_WIDEST_NAME = 24
_MOST_LINES = 40


def show_answer(number: int, as_json: bool) -> ExitCode:
    """Print why a job stands where it stands.

    Raises:
        UnknownJobError: there is no such job.
    """
    with RenderQueue() as queue:
        answer = queue.why(number)
    if as_json:
        print_document(answer.to_json())
    else:
        screen = console()
        for line in answer_lines(answer, screen):
            screen.print(line, soft_wrap=True)
    return ExitCode.DONE


def answer_lines(answer: JobAnswer, screen: Console) -> Iterator[Text]:
    """Yield the answer for the job, then those for its tasks.

    Neighbours with the same answer share one line.
    """
    style = STATE_STYLES[answer.state.value]
    title = Text(f"Job {answer.id}  {printable(answer.name)}  ", "bold")
    yield title.append(answer.state.value, style)
    for line in broken(answer.why, 2, screen):
        yield Text(f"  {line}")
    groups = [list(group) for _, group in groupby(answer.tasks, key=_same)]
    if len(groups) == 1 and groups[0][0].why == answer.why:
        return
    yield Text()
    names = [_name(group) for group in groups[:_MOST_LINES]]
    width = max(map(cell_len, names), default=0)
    for name, group in zip(names, groups, strict=False):
        yield from _task_lines(name, group[0], width, screen)
    if len(groups) > _MOST_LINES:
        left = count(sum(map(len, groups[_MOST_LINES:])), "more task")
        yield Text(f"  {left}; --json tells of all", "dim")


def _same(task: TaskAnswer) -> tuple[str, str]:
    return task.state.value, task.why


def _name(group: list[TaskAnswer]) -> str:
    first, last = group[0], group[-1]
    if first is not last:
        return f"{first.id} to {last.id}"
    return f"{first.id} {shorten_middle(printable(first.layer), _WIDEST_NAME)}"


def _task_lines(
    name: str, task: TaskAnswer, width: int, screen: Console
) -> Iterator[Text]:
    indent = width + 4
    blank = " " * (indent - 2 - cell_len(name))
    first, *more = broken(task.why, indent, screen)
    yield Text.assemble(f"  {name}{blank}", (first, STATE_STYLES[task.state.value]))
    for line in more:
        yield Text(" " * indent + line, STATE_STYLES[task.state.value])
