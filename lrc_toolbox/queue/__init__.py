"""The queue object: what the panel, the command line and scripts use.

from lrc_toolbox.queue import RenderQueue
"""

from lrc_toolbox.queue.answers import JobAnswer, TaskAnswer
from lrc_toolbox.queue.errors import (
    JobEndedError,
    NothingToRetryError,
    UnknownJobError,
    UnknownTaskError,
    WaitTimeoutError,
)
from lrc_toolbox.queue.following import Subscription
from lrc_toolbox.queue.machine_view import (
    AttemptAtWork,
    Division,
    MachineView,
    Problem,
)
from lrc_toolbox.queue.render_queue import RenderQueue
from lrc_toolbox.queue.views import JobView, QueueProgress, TaskView
from lrc_toolbox.running.home import Home
from lrc_toolbox.running.launching import ServiceStatus
from lrc_toolbox.scheduling.progress import Progress

__all__ = [
    "AttemptAtWork",
    "Division",
    "Home",
    "JobAnswer",
    "JobEndedError",
    "JobView",
    "MachineView",
    "NothingToRetryError",
    "Problem",
    "Progress",
    "QueueProgress",
    "RenderQueue",
    "ServiceStatus",
    "Subscription",
    "TaskAnswer",
    "TaskView",
    "UnknownJobError",
    "UnknownTaskError",
    "WaitTimeoutError",
]
