"""The phone lines in front of an urgent entry, and whether they are open now."""

from collections.abc import Iterable

from actions.context import knowledge_base
from actions.wire import HotlineLine
from actions.words import Words
from knowledge_base import clock
from knowledge_base.entry import FAQEntry
from knowledge_base.hotlines import Hotline
from knowledge_base.urgent_kinds import LEGAL_LINES, URGENT_KINDS


def lines(hotline_ids: Iterable[str], words: Words) -> list[HotlineLine]:
    """Return the lines as they are shown, with their hours at this moment."""
    hotlines = knowledge_base().hotlines
    return [_line(hotlines[hotline_id], words) for hotline_id in hotline_ids]


def lines_for(entry: FAQEntry, words: Words) -> list[HotlineLine]:
    """Return the lines that go before an urgent entry; none before another."""
    if not entry.urgent:
        return []
    kinds = (kind for kind in URGENT_KINDS.values() if kind.entry_id == entry.entry_id)
    kind = next(kinds, None)
    return lines(kind.hotline_ids if kind else LEGAL_LINES, words)


def as_text(shown: list[HotlineLine], words: Words) -> str:
    """Return the block as text; where all lines with hours are closed, what there is at any hour."""
    rows = [f"• {line.name}: {line.phone} ({line.hours})" for line in shown]
    text = "\n".join([words("urgent_lines"), *rows])
    always = words("hours_always")
    timed = [line for line in shown if line.hours != always]
    all_closed = bool(timed) and not any(line.open_now for line in timed)
    return f"{text}\n{words('urgent_all_closed')}" if all_closed else text


def _line(hotline: Hotline, words: Words) -> HotlineLine:
    now = clock.now()
    opening = hotline.next_opening(now)
    closing = hotline.closes_at(now)
    if opening is not None:
        hours = words(
            "hours_closed_until", day=words.weekday(opening), time=words.time(opening.time())
        )
    elif closing is not None:
        hours = words("hours_open_until", time=words.time(closing))
    else:
        hours = words("hours_always")
    return HotlineLine(
        name=words(f"hotline_{hotline.hotline_id}"),
        phone=hotline.phone,
        hours=hours,
        open_now=opening is None,
    )
