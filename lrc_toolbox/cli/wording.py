"""Moved to `jobs.wording`; stands here until the panel imports it from there."""

from lrc_toolbox.jobs.wording import (
    clock_time as clock_time,
)
from lrc_toolbox.jobs.wording import (
    count as count,
)
from lrc_toolbox.jobs.wording import (
    duration as duration,
)
from lrc_toolbox.jobs.wording import (
    listed as listed,
)
from lrc_toolbox.jobs.wording import (
    printable as printable,
)
