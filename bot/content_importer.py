"""Teaches the intent classifier what questions look like, out of the content itself.

An entry's wordings are examples of `ask_faq`, and the messages that no entry answers are examples
of `out_of_scope`; writing them a second time under bot/data would let the two drift apart. An entry published later needs no retraining: the classifier has learnt from
thousands of others what a question of this kind is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Union

import yaml
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

ASK_FAQ = "ask_faq"
OUT_OF_SCOPE = "out_of_scope"

_CONTENT = Path(__file__).resolve().parent.parent / "content"
# Their wordings are emergencies themselves: “I feel hopeless”, “he hits me”.
_LEFT_OUT = {"feeling-hopeless", "domestic-violence-or-trafficking"}


class ContentImporter(RasaFileImporter):
    """Rasa's file importer, with the entries' wordings added to the NLU data."""

    def __init__(
        self,
        config_file: Optional[str] = None,
        domain_path: Optional[str] = None,
        training_data_paths: Optional[Union[List[str], str]] = None,
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        # `rasa test nlu` and `rasa data split` pass a file of their own: nothing is added there.
        paths = training_data_paths or []
        paths = [paths] if isinstance(paths, str) else paths
        self._is_training = any(Path(path).name in ("data", "nlu") for path in paths)

    def get_nlu_data(self, language: Optional[str] = "en") -> TrainingData:
        """Return the NLU data of the files and of the entries."""
        data = super().get_nlu_data(language)
        return data.merge(TrainingData(_examples())) if self._is_training else data


def _examples() -> List[Message]:
    messages = []
    for file in sorted(_CONTENT.glob("[a-z][a-z]*/*.yaml")):
        entry = _read(file)
        if entry["entry_id"] not in _LEFT_OUT:
            messages += _messages([entry["question"], *entry["paraphrases"]], ASK_FAQ)
    # What meets a guard rail is looked up too, and refused or answered there.
    for file in sorted(_CONTENT.glob("signals/*/guard_rails.yaml")):
        for texts in _read(file).values():
            messages += _messages(texts, ASK_FAQ)
    for file in sorted(_CONTENT.glob("signals/*/out_of_scope.yaml")):
        for texts in _read(file).values():
            messages += _messages(texts, OUT_OF_SCOPE)
    return messages


def _messages(texts: List[str], intent: str) -> List[Message]:
    return [Message.build(text=text, intent=intent) for text in texts]


def _read(file: Path) -> Dict[str, Any]:
    # The C loader reads the thousands of wordings ten times faster; both are safe ones.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(file.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506
