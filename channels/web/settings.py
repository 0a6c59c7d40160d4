"""The gateway's settings: name, default, unit and help, read from the environment."""

from pathlib import Path
from typing import Self

import limits
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.config import JsonDict
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent.parent
DEVELOPMENT_SECRET = "development-only-not-a-secret"  # noqa: S105  refused in production, below
MIN_SECRET_CHARS = 32


class SettingsError(Exception):
    """The gateway can't start with these settings; the message says which and why."""


def _unit(name: str) -> JsonDict:
    return {"unit": name}


class Settings(BaseSettings):
    """Every setting can be given as an environment variable of the same name, upper case."""

    model_config = SettingsConfigDict(env_prefix="", extra="ignore", hide_input_in_errors=True)

    assistant_env: str = Field(
        default="development",
        pattern="^(development|production)$",
        description="development or production; production refuses the development secret.",
    )
    web_host: str = Field(default="127.0.0.1", description="Address that the gateway listens on.")
    web_port: int = Field(
        default=8080, ge=0, le=65535, description="Port that the gateway listens on."
    )
    rasa_url: str = Field(
        default="http://127.0.0.1:5005", description="Where the Rasa server answers."
    )
    actions_url: str = Field(
        default="http://127.0.0.1:5055", description="Where the action server answers."
    )
    rasa_timeout: float = Field(
        default=15, gt=0, json_schema_extra=_unit("s"), description="How long to wait for a reply."
    )
    session_secret: SecretStr = Field(
        default=SecretStr(DEVELOPMENT_SECRET),
        description="Signs sessions, forms and buttons; 32 characters or more in production.",
    )
    session_hours: float = Field(
        default=12, gt=0, json_schema_extra=_unit("h"), description="How long a session lasts."
    )
    transcript_minutes: float = Field(
        default=30,
        gt=0,
        json_schema_extra=_unit("min"),
        description="How long the page remembers a conversation in which nothing happens.",
    )
    transcript_sessions: int = Field(
        default=1000, ge=1, description="How many conversations the page remembers at once."
    )
    transcript_messages: int = Field(
        default=50, ge=1, description="How many messages of a person one conversation shows."
    )
    rate_limit_session: str = Field(
        default="20/minute", description="Messages of one session, as `number/unit`."
    )
    rate_limit_address: str = Field(
        default="120/minute", description="Requests of one network address, as `number/unit`."
    )
    max_message_chars: int = Field(
        default=20_000,
        ge=1,
        json_schema_extra=_unit("characters"),
        description="The longest message that is taken.",
    )
    max_body_bytes: int = Field(
        default=128 * 1024,
        ge=1024,
        json_schema_extra=_unit("bytes"),
        description="The largest request body that is read.",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        description="How many proxies of ours stand before the gateway; X-Forwarded-For is "
        "believed only from them.",
    )
    locales_dir: Path = Field(
        default=ROOT / "var" / "locales", description="The compiled catalogues of words."
    )
    web_languages: str = Field(
        default="",
        description="Languages offered, BCP 47, separated by commas; empty: every catalogue.",
    )
    content_dir: Path = Field(
        default=ROOT / "content", description="Has firm.yaml, the firm's name and phone."
    )

    @field_validator("rate_limit_session", "rate_limit_address")
    @classmethod
    def _is_a_rate(cls, value: str) -> str:
        try:
            limits.parse(value)
        except ValueError:
            raise ValueError("is not a rate; write it like 20/minute") from None
        return value

    @model_validator(mode="after")
    def _secret_is_secret(self) -> Self:
        secret = self.session_secret.get_secret_value()
        weak = secret == DEVELOPMENT_SECRET or len(secret) < MIN_SECRET_CHARS
        if self.assistant_env == "production" and weak:
            raise ValueError(
                f"SESSION_SECRET must be {MIN_SECRET_CHARS} random characters or more when "
                "ASSISTANT_ENV=production; make one with `openssl rand -hex 32`"
            )
        if not secret:
            raise ValueError("SESSION_SECRET is empty; leave it out for the development default")
        return self

    @property
    def secret(self) -> str:
        """The secret itself."""
        return self.session_secret.get_secret_value()

    @property
    def wanted_languages(self) -> tuple[str, ...]:
        """WEB_LANGUAGES as tags; empty for every catalogue that there is."""
        return tuple(part.strip() for part in self.web_languages.split(",") if part.strip())


def read_settings() -> Settings:
    """Return the settings of the environment.

    Raises:
        SettingsError: one sentence for each setting that can't be used, without its value.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(part) for part in error.errors())) from None


def _sentence(problem: ErrorDetails) -> str:
    name = ".".join(str(part).upper() for part in problem["loc"])
    message = problem["msg"].removeprefix("Value error, ")
    return f"{name}: {message}." if name else f"{message}."
