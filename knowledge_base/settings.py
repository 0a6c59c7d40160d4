"""The knowledge base's settings: name, default, unit and help, read from the environment."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every setting can be given as an environment variable of the same name, upper case."""

    model_config = SettingsConfigDict(env_prefix="", extra="ignore")

    embedding_model: str = Field(
        default=str(ROOT / "var" / "model"),
        description="A sentence-transformers model: a folder, or a hub name where a hub is reached.",
    )
    embedding_precision: str = Field(
        default="int8",
        pattern="^(int8|fp32|torch)$",
        description="Which weights serve: int8 or fp32 through ONNX Runtime, or torch.",
    )
    content_dir: Path = Field(
        default=ROOT / "content",
        description="The entries the product ships with, one file an entry and language.",
    )
    nlu_dir: Path = Field(
        default=ROOT / "bot" / "data" / "nlu",
        description="Messages to the assistant itself (greetings, thanks…): never urgent.",
    )
    snapshot_dir: Path = Field(
        default=ROOT / "var" / "snapshots",
        description="Published snapshots, and `current`, the name of the one being served.",
    )
    index_dir: Path = Field(
        default=ROOT / "var" / "index", description="Where the built index is kept."
    )
    default_language: str = Field(
        default="en", description="Used until a person's language is known (BCP 47)."
    )


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings, read once a process."""
    return Settings()
