"""Turns what the knowledge base decided into replies: catalogue words and approved entries only."""

from collections.abc import Iterable

from actions import hotline_block
from actions.wire import Button, Choice, Reply
from actions.words import Words, words_in
from knowledge_base import clock
from knowledge_base.entry import FAQEntry
from knowledge_base.snapshot import Snapshot

MAX_CHOICES = 3
PERSON = "/talk_to_human"


def answer(
    snapshot: Snapshot, entry_id: str, language: str, *, score: float | None = None, intro: str = ""
) -> Reply | None:
    """Return the approved answer, dated and sourced, or None where the entry is gone."""
    entry = snapshot.find(entry_id, language)
    if entry is None:
        return None
    words = words_in(language)
    paragraphs = [intro, *notices(entry, words), entry.answer]
    return _from_entry(
        snapshot, entry, words, _join(paragraphs), score, buttons=_translation_buttons(entry, words)
    )


def simple_answer(snapshot: Snapshot, entry_id: str, language: str) -> Reply | None:
    """Return the entry in fewer, easier words; where it has none, the answer again."""
    entry = snapshot.find(entry_id, language)
    if entry is None:
        return None
    words = words_in(language)
    if entry.simple_answer is None:
        return answer(snapshot, entry_id, language, intro=words("no_simpler_words"))
    paragraphs = [*notices(entry, words), words("simple_intro"), entry.simple_answer]
    return _from_entry(
        snapshot, entry, words, _join(paragraphs), None, buttons=_translation_buttons(entry, words)
    )


def original(snapshot: Snapshot, entry_id: str, language: str) -> Reply | None:
    """Return the English of an entry, introduced in the person's language."""
    entry = snapshot.by_key.get((entry_id, "en"))
    if entry is None:
        return None
    key = "already_english" if language == "en" else "original_intro"
    text = _join([words_in(language)(key), *notices(entry, words_in("en")), entry.answer])
    return _from_entry(snapshot, entry, words_in("en"), text, None)


def choices(
    snapshot: Snapshot,
    entry_ids: Iterable[str],
    language: str,
    *,
    text: str,
    score: float | None = None,
) -> Reply:
    """Return up to three entries to pick from, a way to say none of them, and a person."""
    words = words_in(language)
    return Reply(
        kind="choices",
        language=language,
        text=text,
        score=score,
        choices=titles(snapshot, entry_ids, language)[:MAX_CHOICES],
        buttons=[Button(words("button_none_of_these"), "/deny"), person_button(words)],
    )


def titles(snapshot: Snapshot, entry_ids: Iterable[str], language: str) -> list[Choice]:
    """Return the entries that still exist, titled with their question."""
    found = (snapshot.find(entry_id, language) for entry_id in entry_ids)
    return [Choice(entry.entry_id, entry.question) for entry in found if entry]


def abstain(language: str, *, text: str, score: float | None = None) -> Reply:
    """Return an honest “no answer”, with a person and the topics to turn to."""
    words = words_in(language)
    return Reply(
        kind="abstain",
        language=language,
        text=text,
        score=score,
        buttons=[person_button(words), help_button(words)],
    )


def notice(language: str, text: str, buttons: list[Button] | None = None) -> Reply:
    """Return a plain sentence."""
    return Reply(kind="notice", language=language, text=text, buttons=buttons or [])


def person_button(words: Words) -> Button:
    """Return the button that asks for a person."""
    return Button(words("button_talk_to_human"), PERSON)


def help_button(words: Words) -> Button:
    """Return the button that shows the topics."""
    return Button(words("button_help"), "/help")


def _from_entry(
    snapshot: Snapshot,
    entry: FAQEntry,
    words: Words,
    text: str,
    score: float | None,
    buttons: list[Button] | None = None,
) -> Reply:
    hotlines = hotline_block.lines_for(entry, words)
    return Reply(
        kind="answer",
        language=entry.language,
        text=_join([hotline_block.as_text(hotlines, words) if hotlines else "", text]),
        short_text=text if hotlines else None,
        hotlines=hotlines,
        entry_id=entry.entry_id,
        revision=entry.revision,
        as_of=entry.as_of.isoformat(),
        past_review=entry.past_review(clock.today()),
        translation=entry.translation,
        score=score,
        sources=sources(entry),
        choices=titles(snapshot, entry.related, words.language)[:MAX_CHOICES],
        buttons=buttons or [],
    )


def sources(entry: FAQEntry) -> list[dict[str, str | None]]:
    """Return the public sources of an entry as they go on the wire."""
    return [
        {
            "title": source.title,
            "publisher": source.publisher,
            "date": source.date,
            "url": str(source.url) if source.url else None,
        }
        for source in entry.sources
    ]


def notices(entry: FAQEntry, words: Words) -> list[str]:
    """Return what a reader has to know before the answer, most important first."""
    found = []
    if entry.past_review(clock.today()):
        found.append(words("past_review_notice", date=words.date(entry.review_by)))
    if not entry.sources:
        found.append(words("general_information_notice"))
    if entry.language != words.language:
        found.append(words("not_in_language_notice"))
    return found


def _translation_buttons(entry: FAQEntry, words: Words) -> list[Button]:
    if entry.translation != "unreviewed":
        return []
    return [Button(words("button_show_original"), "/show_original")]


def _join(paragraphs: Iterable[str]) -> str:
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
