"""`lrc service`: looking at the background process and ending it."""

from __future__ import annotations

import time
from dataclasses import asdict

import typer

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.json_lines import print_document
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.wording import clock_time
from lrc_toolbox.queue import RenderQueue, ServiceStatus


class ServiceStillRunsError(LrcError):
    """The service was told to end and has not.

    Attributes:
        status: what is known of it.
    """

    def __init__(self, status: ServiceStatus) -> None:
        super().__init__(
            f"The service still runs (process {status.pid}).",
            remedy="A render process may take long to end; ask again in a minute.",
        )
        self.status = status


def show_status(as_json: bool) -> ExitCode:
    """Say whether the service runs."""
    with RenderQueue() as queue:
        status = queue.service_status()
    if as_json:
        print_document({"service": asdict(status)})
    else:
        typer.echo(_sentence(status))
    return ExitCode.DONE


def stop(as_json: bool) -> ExitCode:
    """End the service.

    Raises:
        ServiceStillRunsError: it has not ended in time.
    """
    with RenderQueue() as queue:
        before = queue.service_status()
        if not queue.stop_service():
            raise ServiceStillRunsError(before)
        after = queue.service_status()
    if as_json:
        print_document({"service": asdict(after), "stopped": before.running})
    else:
        typer.echo("The service is stopped." if before.running else _sentence(before))
    return ExitCode.DONE


def _sentence(status: ServiceStatus) -> str:
    if not status.running:
        return f"No service runs for {status.home}; work that comes starts one."
    since = clock_time(status.since or 0.0, time.time())
    return (
        f"The service runs for {status.home}: process {status.pid} since {since}, "
        f"up to {status.slots} renders at a time."
    )
