"""Local time of this computer, in which a policy's windows are written.

Asks the system's time zone; which window is open is decided in `scheduling`. Any
thread.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from lrc_toolbox.jobs.local_time import LocalTime


class SystemCalendar:
    """Local time by the system's time zone, daylight saving included.

    A change of the system's time zone counts from the next start of the process on.
    """

    def at(self, epoch: float) -> LocalTime:
        """Say what the clock on the wall shows; set back, it shows an hour twice.

        Args:
            epoch: seconds since 1970 UTC.
        """
        local = time.localtime(epoch)
        minutes = local.tm_hour * 60 + local.tm_min
        return LocalTime(
            local.tm_year, local.tm_mon, local.tm_mday, local.tm_wday, minutes
        )

    def epoch(self, year: int, month: int, day: int, minutes: int) -> float:
        """Say when the clock on the wall first shows a time, or a later one.

        So a time that comes twice, where the clock is set back, is the first of the
        two; one that never comes, where it is set forward, is when that happens.

        Args:
            year: with its century.
            month: from 1.
            day: past the month's end it counts on into the next.
            minutes: since midnight by the clock; 1440 is the next day's midnight.

        Returns:
            Seconds since 1970 UTC.
        """
        wanted = datetime(year, month, 1) + timedelta(days=day - 1, minutes=minutes)
        # C's mktime does not say what it makes of such times; PEP 495 does: where the
        # clock jumps over a time, this is as long after the jump as the time is after
        # the clock's last one, and with fold=1 as long before.
        found = wanted.timestamp()
        if datetime.fromtimestamp(found) == wanted:
            return found
        return _jump_between(wanted.replace(fold=1).timestamp(), found)


def _jump_between(before: float, after: float) -> float:
    """Find the second in which the offset from UTC changes."""
    low, high = int(before), int(after)
    offset = time.localtime(low).tm_gmtoff
    while high - low > 1:
        middle = (low + high) // 2
        if time.localtime(middle).tm_gmtoff == offset:
            low = middle
        else:
            high = middle
    return float(high)
