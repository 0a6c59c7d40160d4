"""The bench's settings: name, default, unit and help, read from the environment."""

import sys
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent.parent


class BenchError(Exception):
    """The bench can't go on; the message says why and what to do."""


class Settings(BaseSettings):
    """Every setting can be given as an environment variable of the same name, upper case."""

    model_config = SettingsConfigDict(env_prefix="", extra="ignore")

    python_main: Path = Field(
        default=Path(sys.executable), description="The Python that runs the action server."
    )
    rasa_bin: Path = Field(
        default=ROOT / ".venv-rasa" / "bin" / "rasa",
        description="The `rasa` command, for both sides.",
    )
    bench_dir: Path = Field(
        default=ROOT / "var" / "bench",
        description="The stock peer, the databases and the logs of a run.",
    )
    bench_start_seconds: float = Field(
        default=180, gt=0, description="How long (s) a side may take to start."
    )
    bench_train_seconds: float = Field(
        default=3600, gt=0, description="How long (s) the training of the peer may take."
    )
