"""The queue object: what the panel, the command line and scripts use.

    from lrc_toolbox.queue import RenderQueue
"""

from lrc_toolbox.queue.errors import (
    JobEndedError,
    UnknownJobError,
    UnknownTaskError,
    WaitTimeoutError,
)
from lrc_toolbox.queue.following import Subscription
from lrc_toolbox.queue.render_queue import RenderQueue
from lrc_toolbox.queue.views import JobView, QueueProgress, TaskView

__all__ = [
    "JobEndedError",
    "JobView",
    "QueueProgress",
    "RenderQueue",
    "Subscription",
    "TaskView",
    "UnknownJobError",
    "UnknownTaskError",
    "WaitTimeoutError",
]
