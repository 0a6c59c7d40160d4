"""The urgent table (facts H): for each kind of emergency, the entry and the lines that help."""

from dataclasses import dataclass

LEGAL_LINES = ("new-americans", "nyc-immigration")


@dataclass(frozen=True)
class UrgentKind:
    """A row of the table.

    Args:
        name: names its first lines in the catalogues (`urgent_<name>`).
        entry_id: the entry shown.
        hotline_ids: the lines shown, most helpful first.
        related: entries offered after it.
        shows_entry: False where legal text has no place.
        is_danger: a life may be at stake: less sure a sign is enough.
    """

    name: str
    entry_id: str
    hotline_ids: tuple[str, ...]
    related: tuple[str, ...] = ("free-or-low-cost-help",)
    shows_entry: bool = True
    is_danger: bool = False


_KINDS = (
    UrgentKind(
        "detained",
        "someone-was-detained",
        (*LEGAL_LINES, "ice-detention"),
        ("bond-hearings", "free-or-low-cost-help"),
    ),
    UrgentKind(
        "ice_at_the_door",
        "ice-at-the-door",
        ("emergency", *LEGAL_LINES),
        ("someone-was-detained", "free-or-low-cost-help"),
    ),
    UrgentKind(
        "hearing_soon",
        "hearing-tomorrow-no-lawyer",
        ("court-case", *LEGAL_LINES),
        ("going-to-court-and-arrests", "where-are-nyc-immigration-courts"),
    ),
    UrgentKind(
        "missed_hearing",
        "what-if-i-miss-a-hearing",
        (*LEGAL_LINES, "court-case"),
        ("reopening-after-a-missed-hearing", "free-or-low-cost-help"),
    ),
    UrgentKind("deadline_appeal", "how-to-appeal", LEGAL_LINES, ("immigration-court-fees",)),
    UrgentKind(
        "deadline_reopen",
        "reopening-after-a-missed-hearing",
        LEGAL_LINES,
        ("what-if-i-miss-a-hearing", "immigration-court-fees"),
    ),
    UrgentKind("deadline_asylum", "asylum-one-year-deadline", LEGAL_LINES),
    UrgentKind("deadline_fee", "annual-asylum-fee", LEGAL_LINES, ("immigration-court-fees",)),
    UrgentKind(
        "dismissal_or_expedited",
        "what-if-government-asks-to-dismiss",
        LEGAL_LINES,
        ("expedited-removal", "is-dismissal-always-good-news"),
    ),
    UrgentKind(
        "violence",
        "domestic-violence-or-trafficking",
        ("emergency", "nyc-hope", "trafficking"),
        is_danger=True,
    ),
    UrgentKind("despair", "feeling-hopeless", ("crisis", "emergency"), is_danger=True),
    UrgentKind(
        "child_or_medical", "someone-was-detained", ("emergency", *LEGAL_LINES), is_danger=True
    ),
    UrgentKind(
        "threat", "feeling-hopeless", ("emergency", "crisis"), (), shows_entry=False, is_danger=True
    ),
)

URGENT_KINDS = {kind.name: kind for kind in _KINDS}
