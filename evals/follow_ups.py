"""Scores messages that need what went before."""

import json
from pathlib import Path

from evals.questions import FOLDER
from knowledge_base.ask import to_json
from knowledge_base.service import KnowledgeBase

_SETS = ("dev", "test")


def score_follow_ups(base: KnowledgeBase) -> dict[str, dict[str, dict[str, float]]]:
    """Return answered_right, right_among_offered and wrong_answer_served by set and language.

    Lines are {"id", "lang", "context": entry answered last, "text", "expected": [entry ids]}; where
    nothing is right, not answering is.
    """
    return {
        name: {
            file.name.split(".")[2]: _score(base, file)
            for file in sorted(FOLDER.glob(f"follow_ups.{name}.*.jsonl"))
        }
        for name in _SETS
    }


def _score(base: KnowledgeBase, file: Path) -> dict[str, float]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    right = offered = wrong = 0
    for row in rows:
        outcome = to_json(base.respond(row["text"], row["lang"], context_entry_id=row["context"]))
        expected = set(row["expected"])
        is_right = outcome["entry_id"] in expected or (not expected and outcome["kind"] != "answer")
        right += is_right
        offered += is_right or bool(expected & set(outcome["choices"]))
        wrong += outcome["kind"] == "answer" and not is_right
    return {
        "answered_right": round(right / len(rows), 4),
        "right_among_offered": round(offered / len(rows), 4),
        "wrong_answer_served": round(wrong / len(rows), 4),
    }
