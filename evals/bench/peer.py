"""Writes the stock peer: a Rasa project made of the same entries, as Rasa's documentation advises.

https://rasa.com/docs/rasa/chitchat-faqs is followed: one retrieval intent `faq`, an answer and a
sub-intent an entry, one rule for all of them, `rasa init`'s pipeline with a ResponseSelector.
Nothing is left out that makes it answer, and nothing is added that makes it slow.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evals.bench.settings import BenchError
from knowledge_base.content import load_content
from knowledge_base.entry import FAQEntry
from knowledge_base.errors import KnowledgeBaseError

FAQ = "faq"
# Without an entry of their own these have nothing to answer in a ResponseSelector.
_LEFT_OUT = {"ask_faq"}
_FALLBACK = "nlu_fallback"
_DEFAULT = "utter_default"
# What a message markup of Rasa would read as an entity.
_MARKUP = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")"})


@dataclass(frozen=True)
class PeerSize:
    """How much of the content is used, and how long is trained.

    Args:
        wordings: at most so many examples, an entry and language.
        epochs: of DIET, ResponseSelector and TED.
    """

    wordings: int
    epochs: int


# Few epochs bound the time of training: what the peer answers depends on them, how long it takes to
# answer does not (docs/bench.md).
FULL = PeerSize(wordings=20, epochs=4)
QUICK = PeerSize(wordings=5, epochs=1)


def project_files(
    content: Path, nlu: Path, database: Path, size: PeerSize = FULL
) -> dict[str, str]:
    """Return the peer's files, by their path in its folder.

    Args:
        content: the entries, a folder a language.
        nlu: the other intents' examples, a folder a language.
        database: the SQLite file of its conversations.
        size: how many examples and epochs.

    Raises:
        BenchError: the content can't be read.
    """
    try:
        entries = load_content(content)
    except KnowledgeBaseError as error:
        raise BenchError(f"The stock peer can't be made: {error}") from error
    small_talk = dict(_small_talk(nlu))
    files: dict[str, Any] = {
        "config.yml": _config(size.epochs),
        "domain.yml": _domain(entries, list(small_talk)),
        "data/nlu.yml": {"version": "3.1", "nlu": _nlu(entries, small_talk, size.wordings)},
        "data/rules.yml": {"version": "3.1", "rules": _rules(list(small_talk))},
        "data/stories.yml": {"version": "3.1", "stories": _stories(list(small_talk))},
        "credentials.yml": {"rest": None},
        "endpoints.yml": {
            "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(database)}
        },
    }
    return {path: _dump(data) for path, data in files.items()}


def _config(epochs: int) -> dict[str, Any]:
    learnt = {"epochs": epochs, "constrain_similarities": True}
    return {
        "recipe": "default.v1",
        "assistant_id": "stock-peer",
        "language": "en",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {
                "name": "CountVectorsFeaturizer",
                "analyzer": "char_wb",
                "min_ngram": 1,
                "max_ngram": 4,
            },
            {"name": "DIETClassifier", **learnt},
            {"name": "EntitySynonymMapper"},
            {"name": "ResponseSelector", "retrieval_intent": FAQ, **learnt},
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
        "policies": [
            {"name": "MemoizationPolicy"},
            {"name": "TEDPolicy", "max_history": 5, **learnt},
            {"name": "RulePolicy"},
        ],
    }


def _domain(entries: list[FAQEntry], intents: list[str]) -> dict[str, Any]:
    answers = {
        f"utter_{FAQ}/{entry.entry_id}": [{"text": entry.answer}]
        for entry in entries
        if entry.language == "en"
    }
    fixed = {f"utter_{intent}": [{"text": f"A fixed reply to {intent}."}] for intent in intents}
    default = {_DEFAULT: [{"text": "A fixed reply to what was not understood."}]}
    return {
        "version": "3.1",
        "intents": [FAQ, *intents],
        "actions": [f"utter_{FAQ}"],
        "responses": {**answers, **fixed, **default},
    }


def _nlu(
    entries: list[FAQEntry], small_talk: dict[str, list[str]], cap: int
) -> list[dict[str, str]]:
    examples: dict[str, list[str]] = {}
    for entry in entries:
        wordings = evenly(entry.wordings, cap)
        examples.setdefault(f"{FAQ}/{entry.entry_id}", []).extend(wordings)
    examples |= small_talk
    return [
        {"intent": intent, "examples": "".join(f"- {_plain(text)}\n" for text in texts)}
        for intent, texts in examples.items()
    ]


def evenly(texts: list[str], cap: int) -> list[str]:
    """Return at most `cap` of `texts`, the first one and others at even distances."""
    if len(texts) <= cap:
        return texts
    return [texts[place * len(texts) // cap] for place in range(cap)]


def _small_talk(nlu: Path) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for file in sorted(nlu.glob("*/*.yml")):
        for part in yaml.safe_load(file.read_text(encoding="utf-8")).get("nlu", []):
            texts = [line[2:] for line in part["examples"].splitlines() if line[:2] == "- "]
            found.setdefault(part["intent"], []).extend(texts)
    yield from ((name, texts) for name, texts in sorted(found.items()) if name not in _LEFT_OUT)


def _rules(intents: list[str]) -> list[dict[str, Any]]:
    fallback = {
        "rule": _FALLBACK,
        "steps": [{"intent": _FALLBACK}, {"action": _DEFAULT}],
    }
    return [*({"rule": name, "steps": _turn(name)} for name in [FAQ, *intents]), fallback]


def _stories(intents: list[str]) -> list[dict[str, Any]]:
    """Return a question between every two other turns, which is what TED learns from."""
    return [
        {"story": f"{first}, a question, {then}", "steps": _turn(first) + _turn(FAQ) + _turn(then)}
        for first, then in zip(intents, [*intents[1:], *intents[:1]], strict=True)
    ]


def _turn(intent: str) -> list[dict[str, str]]:
    return [{"intent": intent}, {"action": f"utter_{intent}"}]


def _plain(text: str) -> str:
    return " ".join(text.split()).translate(_MARKUP)


def _dump(data: Any) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)
