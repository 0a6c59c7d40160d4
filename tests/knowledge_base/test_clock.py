"""The one clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from knowledge_base.clock import VARIABLE, now, today
from knowledge_base.errors import KnowledgeBaseError


def test_it_is_the_real_time_where_nothing_fixes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=5)
    monkeypatch.setenv(VARIABLE, "")
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("fixed", "expected"),
    [
        ("2026-11-24T10:00-05:00", datetime(2026, 11, 24, 15, tzinfo=UTC)),
        ("2026-11-24T15:00Z", datetime(2026, 11, 24, 15, tzinfo=UTC)),
        ("2026-11-24T10:00", datetime(2026, 11, 24, 15, tzinfo=UTC)),  # New York, winter
        ("2026-07-01T10:00", datetime(2026, 7, 1, 14, tzinfo=UTC)),  # New York, summer
        ("2026-07-01", datetime(2026, 7, 1, 4, tzinfo=UTC)),
    ],
)
def test_it_can_be_fixed(fixed: str, expected: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, fixed)
    assert now() == expected
    assert now().tzinfo is not None


@pytest.mark.parametrize(
    ("fixed", "expected"),
    [
        ("2026-11-25T04:59Z", date(2026, 11, 24)),  # still the day before in New York
        ("2026-11-25T05:00Z", date(2026, 11, 25)),
        ("2026-07-02T03:59Z", date(2026, 7, 1)),
    ],
)
def test_the_date_is_new_yorks(fixed: str, expected: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, fixed)
    assert today() == expected


@pytest.mark.parametrize("fixed", ["tomorrow", "2026-13-01", "24/11/2026"])
def test_what_is_no_time_is_refused(fixed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, fixed)
    with pytest.raises(KnowledgeBaseError) as caught:
        now()
    assert str(caught.value) == (
        f"ASSISTANT_NOW is “{fixed}”. Write a time such as 2026-11-24T10:00-05:00, or unset it."
    )
