"""When lines are open, in New York time, whatever the clock of the asker."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies
from small_content import HOTLINES

from knowledge_base.hotlines import NEW_YORK, Hotline, load_hotlines
from knowledge_base.settings import Settings
from knowledge_base.urgent_kinds import URGENT_KINDS

WORKDAY = (time(9), time(18))
WEEKDAYS = Hotline("weekdays", "1", (WORKDAY,) * 5 + (None, None))
EVERY_DAY = Hotline("every-day", "2", ((time(8), time(20)),) * 5 + ((time(9), time(17)),) * 2)
ALWAYS = Hotline("always", "3", ())


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("moment", "weekdays", "every_day"),
    [
        ("2026-11-24T10:00", True, True),  # a Tuesday
        ("2026-11-24T09:00", True, True),  # the opening minute counts
        ("2026-11-24T08:59:59", False, True),
        ("2026-11-24T17:59:59", True, True),
        ("2026-11-24T18:00", False, True),  # the closing one doesn't
        ("2026-11-24T19:59", False, True),
        ("2026-11-24T20:00", False, False),
        ("2026-11-24T03:00", False, False),
        ("2026-11-28T10:00", False, True),  # Saturday
        ("2026-11-29T16:59", False, True),  # Sunday
        ("2026-11-29T17:00", False, False),
        ("2026-03-08T09:30", False, True),  # the day the clocks go forward
        ("2026-11-01T09:30", False, True),  # the day they go back
    ],
)
def test_open(moment: str, weekdays: bool, every_day: bool) -> None:
    now = new_york(moment)
    assert WEEKDAYS.is_open(now) is weekdays
    assert EVERY_DAY.is_open(now) is every_day
    assert ALWAYS.is_open(now)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        # Nine in New York is 14:00 UTC in winter, 13:00 in summer.
        (datetime(2026, 1, 13, 13, 30, tzinfo=UTC), False),
        (datetime(2026, 1, 13, 14, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 14, 12, 59, tzinfo=UTC), False),
        (datetime(2026, 7, 14, 13, 0, tzinfo=UTC), True),
        # The Monday after each change of the clocks.
        (datetime(2026, 3, 6, 13, 30, tzinfo=UTC), False),
        (datetime(2026, 3, 9, 13, 30, tzinfo=UTC), True),
        (datetime(2026, 10, 30, 13, 30, tzinfo=UTC), True),
        (datetime(2026, 11, 2, 13, 30, tzinfo=UTC), False),
        # Late on a Friday in New York it is Saturday elsewhere, and the other way round.
        (datetime(2026, 7, 17, 21, 59, tzinfo=UTC), True),
        (datetime(2026, 7, 18, 1, 0, tzinfo=UTC), False),
    ],
)
def test_open_by_another_clock(moment: datetime, is_open: bool) -> None:
    assert WEEKDAYS.is_open(moment) is is_open


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-24T07:00", "2026-11-24T09:00"),
        ("2026-11-24T18:00", "2026-11-25T09:00"),
        ("2026-11-27T18:30", "2026-11-30T09:00"),  # Friday evening: Monday
        ("2026-11-28T10:00", "2026-11-30T09:00"),
        ("2026-11-29T23:59", "2026-11-30T09:00"),
        ("2026-03-07T20:00", "2026-03-09T09:00"),  # over the night that lacks an hour
        ("2026-10-31T20:00", "2026-11-02T09:00"),  # over the one that has one more
    ],
)
def test_next_opening(moment: str, expected: str) -> None:
    assert WEEKDAYS.next_opening(new_york(moment)) == new_york(expected)


def test_an_open_line_has_no_next_opening() -> None:
    now = new_york("2026-11-24T10:00")
    assert WEEKDAYS.next_opening(now) is None
    assert ALWAYS.next_opening(now) is None


def test_a_line_that_never_opens_has_none_either() -> None:
    assert Hotline("never", "0", (None,) * 7).next_opening(new_york("2026-11-24T10:00")) is None


def test_closing() -> None:
    assert WEEKDAYS.closes_at(new_york("2026-11-24T10:00")) == time(18)
    assert EVERY_DAY.closes_at(new_york("2026-11-28T10:00")) == time(17)
    assert ALWAYS.closes_at(new_york("2026-11-24T10:00")) is None


@given(strategies.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)))  # noqa: DTZ001 # UTC below
def test_a_closed_line_opens_within_three_days_and_is_open_then(naive: datetime) -> None:
    now = naive.replace(tzinfo=UTC)
    opening = WEEKDAYS.next_opening(now)
    if opening is None:
        assert WEEKDAYS.is_open(now)
    else:
        assert not WEEKDAYS.is_open(now)
        assert now < opening <= now + timedelta(days=3)
        assert WEEKDAYS.is_open(opening)
        assert not WEEKDAYS.is_open(opening - timedelta(seconds=1))


def test_lines_are_read_by_id(tmp_path: Path) -> None:
    file = tmp_path / "hotlines.yaml"
    file.write_text(HOTLINES)
    lines = load_hotlines(file)
    assert list(lines) == ["weekdays", "every-day", "emergency"]
    assert lines["weekdays"].opening == WEEKDAYS.opening
    assert lines["every-day"].opening == EVERY_DAY.opening
    assert lines["emergency"].always_open
    assert lines["every-day"].phone == "1-800-566-7636"


@pytest.mark.parametrize(
    "hours", ["{monday: '09:00-18:00'}", "{mon: 'nine-18:00'}", "{mon-fri: '09:00'}"]
)
def test_unreadable_hours_are_refused(hours: str, tmp_path: Path) -> None:
    file = tmp_path / "hotlines.yaml"
    file.write_text(f"- hotline_id: x\n  phone: '1'\n  hours: {hours}\n")
    with pytest.raises(ValueError, match=r"."):
        load_hotlines(file)


def test_every_line_of_the_urgent_table_is_shipped() -> None:
    lines = load_hotlines(Settings().content_dir / "hotlines.yaml")
    named = {hotline_id for kind in URGENT_KINDS.values() for hotline_id in kind.hotline_ids}
    assert named <= lines.keys()
    assert lines["emergency"].phone == "911"
    assert lines["crisis"].phone == "988"
    for kind in URGENT_KINDS.values():
        if kind.is_danger:
            assert any(lines[line].always_open for line in kind.hotline_ids), kind.name
