"""The urgent block: its lines, their hours in New York, the entry, the firm."""

from pathlib import Path

import pytest
import yaml
from acting import Run

from actions.urgent import ActionUrgent
from actions.words import words_in
from knowledge_base.service import KnowledgeBase
from knowledge_base.urgent_kinds import URGENT_KINDS

ROOT = Path(__file__).resolve().parent.parent.parent
PHONES = {
    line["hotline_id"]: line["phone"]
    for line in yaml.safe_load((ROOT / "content" / "hotlines.yaml").read_text())
}
STATE, CITY, ICE, COURT = "1-800-566-7636", "800-354-0365", "1-888-351-4024", "1-800-898-7180"
LEGAL_LINES = {STATE, CITY, ICE}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", URGENT_KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind(run: Run, base: KnowledgeBase, kind: object, language: str) -> None:
    reply, slots = run(
        ActionUrgent(), "urgent", urgent_kind=kind.name, slots={"language": language}
    )
    words = words_in(language)
    entry = base.snapshot.find(kind.entry_id, language)
    assert (reply["kind"], reply["entry_id"], reply["language"]) == (
        "urgent",
        kind.entry_id,
        language,
    )
    assert [line["phone"] for line in reply["hotlines"]] == [PHONES[i] for i in kind.hotline_ids]
    blocks = reply["text"].split("\n\n")
    assert blocks[0] == words(f"urgent_{kind.name}", as_of=words.date(entry.as_of))
    assert blocks[1].startswith(words("urgent_lines"))
    assert all(line["phone"] in blocks[1] for line in reply["hotlines"])
    assert (entry.answer in reply["text"]) is kind.shows_entry
    assert blocks[-1] == words("urgent_firm")
    assert (slots["last_entry_id"], slots["failures"]) == (kind.entry_id, 0)
    assert reply["as_of"] == entry.as_of.isoformat()


@pytest.mark.parametrize(
    ("now", "opened"),
    [
        # Hours of facts H: the state line Mon-Fri 8-20 and Sat-Sun 9-17, the city's Mon-Fri 9-18,
        # ICE's Mon-Fri 8-20.
        ("2026-11-24T10:00:00-05:00", {STATE, CITY, ICE}),  # Tuesday
        ("2026-11-24T15:00:00+00:00", {STATE, CITY, ICE}),  # the same moment, said in UTC
        ("2026-11-24T10:00:00", {STATE, CITY, ICE}),  # without an offset it is New York's
        ("2026-11-24T07:59:59-05:00", set()),
        ("2026-11-24T08:00:00-05:00", {STATE, ICE}),
        ("2026-11-24T09:00:00-05:00", {STATE, CITY, ICE}),
        ("2026-11-24T17:59:59-05:00", {STATE, CITY, ICE}),
        ("2026-11-24T18:00:00-05:00", {STATE, ICE}),
        ("2026-11-24T20:00:00-05:00", set()),
        ("2026-11-25T03:00:00+00:00", set()),  # Tuesday 22:00 in New York
        ("2026-11-28T10:00:00-05:00", {STATE}),  # Saturday
        ("2026-11-29T17:00:00-05:00", set()),  # Sunday
        ("2026-07-01T00:30:00+00:00", set()),  # summer time: Tuesday 20:30
        ("2026-07-01T12:00:00+00:00", {STATE, ICE}),  # summer time: Wednesday 8:00
    ],
)
def test_lines_are_open_by_new_york_time(
    run: Run, monkeypatch: pytest.MonkeyPatch, now: str, opened: set[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_NOW", now)
    reply, _ = run(ActionUrgent(), "urgent", urgent_kind="detained")
    assert {line["phone"] for line in reply["hotlines"] if line["open_now"]} == opened
    all_closed = words_in("en")("urgent_all_closed")
    assert (all_closed in reply["text"]) is (opened == set())


@pytest.mark.parametrize(
    ("language", "now", "city_line"),
    [
        ("en", "2026-11-24T10:00:00-05:00", "open now, until 6:00 PM New York time"),
        ("en", "2026-11-24T19:00:00-05:00", "closed now, opens Wednesday at 9:00 AM New York time"),
        ("en", "2026-11-27T19:00:00-05:00", "closed now, opens Monday at 9:00 AM New York time"),
        ("en", "2026-11-23T02:00:00-05:00", "closed now, opens Monday at 9:00 AM New York time"),
    ],
)
def test_hours_in_words(
    run: Run, monkeypatch: pytest.MonkeyPatch, language: str, now: str, city_line: str
) -> None:
    monkeypatch.setenv("ASSISTANT_NOW", now)
    reply, _ = run(ActionUrgent(), "urgent", urgent_kind="detained", slots={"language": language})
    (city,) = (line for line in reply["hotlines"] if line["phone"] == CITY)
    # Babel puts a narrow no-break space before AM and PM.
    assert city["hours"].replace("\u202f", " ") == city_line


def test_hours_in_spanish(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_NOW", "2026-11-27T19:00:00-05:00")
    reply, _ = run(ActionUrgent(), "urgent", urgent_kind="detained", slots={"language": "es"})
    (city,) = (line for line in reply["hotlines"] if line["phone"] == CITY)
    assert "lunes" in city["hours"]
    assert "9:00" in city["hours"]


@pytest.mark.parametrize(
    "kind",
    [kind for kind in URGENT_KINDS.values() if "new-americans" in kind.hotline_ids],
    ids=lambda kind: kind.name,
)
def test_with_every_legal_line_closed_it_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, kind: object
) -> None:
    """Facts H: at other times say so. 911 and the court's machine, always open, are no help."""
    monkeypatch.setenv("ASSISTANT_NOW", "2026-11-29T03:00:00-05:00")
    reply, _ = run(ActionUrgent(), "urgent", urgent_kind=kind.name)
    assert words_in("en")("urgent_all_closed") in reply["text"]


def test_lines_that_always_answer_are_not_called_closed(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_NOW", "2026-11-29T03:00:00-05:00")
    for kind in ("despair", "violence", "threat"):
        reply, _ = run(ActionUrgent(), "urgent", urgent_kind=kind)
        assert all(line["open_now"] for line in reply["hotlines"])
        assert words_in("en")("urgent_all_closed") not in reply["text"]


def test_without_a_kind_there_is_still_help(run: Run) -> None:
    reply, _ = run(ActionUrgent(), "urgent", urgent_kind=None)
    assert reply["kind"] == "urgent"
    assert reply["hotlines"]


@pytest.mark.parametrize("kind", URGENT_KINDS)
def test_a_withdrawn_entry_does_not_stop_it(
    run: Run, base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(type(base.snapshot), "find", lambda *_: None)
    reply, _ = run(ActionUrgent(), "urgent", urgent_kind=kind)
    assert reply["kind"] == "urgent"
    assert reply["hotlines"]
    assert reply["sources"] == []


def test_a_past_review_entry_is_marked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_NOW", "2028-01-03T10:00:00-05:00")
    reply, _ = run(ActionUrgent(), "urgent", urgent_kind="deadline_fee")
    assert reply["past_review"]
    assert "past its review date" in reply["text"]
