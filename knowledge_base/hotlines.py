"""The phone lines of the urgent path, and whether they are open now (New York time)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

NEW_YORK = ZoneInfo("America/New_York")

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Hotline:
    """A phone line.

    Args:
        hotline_id: names its words in the catalogues (`hotline_<id>`).
        phone: as it is dialled; never reformatted.
        opening: for each weekday from Monday, (from, to) in New York time, or None when closed.
            Empty for a line that always answers.
    """

    hotline_id: str
    phone: str
    opening: tuple[tuple[time, time] | None, ...]

    @property
    def always_open(self) -> bool:
        """Whether it answers day and night."""
        return not self.opening

    def is_open(self, now: datetime) -> bool:
        """Return whether the line answers at `now` (an aware datetime)."""
        if self.always_open:
            return True
        local = now.astimezone(NEW_YORK)
        hours = self.opening[local.weekday()]
        return hours is not None and hours[0] <= local.time() < hours[1]

    def closes_at(self, now: datetime) -> time | None:
        """Return when an open line closes today, or None where it never does."""
        hours = None if self.always_open else self.opening[now.astimezone(NEW_YORK).weekday()]
        return hours[1] if hours else None

    def next_opening(self, now: datetime) -> datetime | None:
        """Return when a closed line opens next, New York time, or None where it is open."""
        if self.is_open(now):
            return None
        local = now.astimezone(NEW_YORK)
        for days in range(8):
            day = local.date() + timedelta(days=days)
            hours = self.opening[day.weekday()]
            if hours is not None:
                opening = datetime.combine(day, hours[0], NEW_YORK)
                if opening > local:
                    return opening
        return None


def load_hotlines(file: Path) -> dict[str, Hotline]:
    """Return the lines in `file` by id.

    Raises:
        ValueError: a day or a time is not readable.
    """
    lines = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {
        line["hotline_id"]: Hotline(line["hotline_id"], line["phone"], _opening(line["hours"]))
        for line in lines
    }


def _opening(hours: Any) -> tuple[tuple[time, time] | None, ...]:
    if hours == "always":
        return ()
    week: list[tuple[time, time] | None] = [None] * len(_DAYS)
    for days, span in hours.items():
        first, _, last = days.partition("-")
        opens, closes = (time.fromisoformat(part) for part in span.split("-"))
        for day in range(_DAYS.index(first), _DAYS.index(last or first) + 1):
            week[day] = (opens, closes)
    return tuple(week)
