"""The topics that help is sorted by."""

from actions.wire import Button
from actions.words import Words
from knowledge_base.snapshot import Snapshot

# In the order that people in need look for them.
TOPICS = ("my-case", "safety", "prosecutorial-discretion", "backlog", "history", "firm")


def buttons(words: Words) -> list[Button]:
    """Return a button for each topic."""
    return [
        Button(_sentence_case(words(f"topic_{topic}")), f'/help{{"topic":"{topic}"}}')
        for topic in TOPICS
    ]


def entry_ids(snapshot: Snapshot, topic: str) -> list[str]:
    """Return the entries of a topic, in the order of their English questions."""
    return [
        entry.entry_id
        for entry in sorted(snapshot.entries, key=lambda entry: entry.question)
        if entry.topic == topic and entry.language == "en"
    ]


def _sentence_case(title: str) -> str:
    return title[:1].upper() + title[1:]
