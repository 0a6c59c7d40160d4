"""Reads the messages that both sides are sent: real ones, in one fixed order."""

import json
import random
from collections.abc import Iterable
from pathlib import Path

from evals.bench.settings import BenchError

_SEED = 20261124


def read_messages(files: Iterable[Path]) -> list[str]:
    """Return the texts of question files, each once, shuffled the same way every time.

    A text that a channel would not pass on as it is (a command, nothing to read) is left out.

    Raises:
        BenchError: a file can't be read, or there is no text.
    """
    texts: dict[str, None] = {}
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
            texts.update((str(json.loads(line)["text"]), None) for line in lines if line.strip())
        except (OSError, ValueError, KeyError) as error:
            raise BenchError(f"{file} is not a file of questions: {error!r}.") from error
    usable = [text for text in texts if text.strip() and not text.lstrip().startswith("/")]
    if not usable:
        raise BenchError("There are no messages to send. Name files of questions.")
    random.Random(_SEED).shuffle(usable)  # noqa: S311  an order, not a secret
    return usable
