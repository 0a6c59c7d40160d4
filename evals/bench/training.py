"""Trains the peer, once for the same content, examples, configuration and version of Rasa."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from evals.bench.settings import BenchError, Settings

_MODEL_NAME = "peer"
_STAMP = "trained.json"
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "PYTHONWARNINGS": "ignore",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONUNBUFFERED": "1",
}


def trained_peer(folder: Path, files: Mapping[str, str], settings: Settings) -> Path:
    """Return the model of the project `files`; written to `folder` and trained where it is new.

    Args:
        folder: of the project.
        files: its content, by path.
        settings: names the `rasa` command.

    Raises:
        BenchError: the training failed or took too long.
    """
    model = folder / "models" / f"{_MODEL_NAME}.tar.gz"
    stamp = folder / _STAMP
    inputs = fingerprint(files, rasa_version(settings.rasa_bin))
    if model.exists() and stamp.exists() and json.loads(stamp.read_text())["inputs"] == inputs:
        return model
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    _train(folder, settings)
    # Last, so that an interrupted training is not taken for a whole one.
    stamp.write_text(json.dumps({"inputs": inputs}), encoding="utf-8")
    return model


def fingerprint(files: Mapping[str, str], version: str) -> str:
    """Return a hash of everything that the training depends on."""
    return hashlib.sha256(json.dumps([version, files], sort_keys=True).encode()).hexdigest()


def rasa_version(rasa_bin: Path) -> str:
    """Return the version of Rasa beside `rasa_bin`, without the seconds that importing it takes."""
    question = "from importlib.metadata import version; print(version('rasa'))"
    try:
        found = subprocess.run(
            [str(rasa_bin.with_name("python")), "-c", question],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise BenchError(
            f"There is no Rasa at {rasa_bin}. Run `make setup`, or set RASA_BIN."
        ) from error
    return found.stdout.strip()


def _train(folder: Path, settings: Settings) -> None:
    log = folder / "train.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(settings.rasa_bin), "train", "--fixed-model-name", _MODEL_NAME],
            cwd=folder,
            env={**os.environ, **_QUIET},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            code = process.wait(settings.bench_train_seconds)
        except subprocess.TimeoutExpired:
            raise BenchError(
                f"The stock peer was not trained in {settings.bench_train_seconds:g} s. "
                f"Set BENCH_TRAIN_SECONDS higher, or see {log}."
            ) from None
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if code != 0:
        end = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise BenchError(f"The training of the stock peer failed. {log} ends:\n{end}")
