"""What the assistant sends: one JSON object a reply. Read strictly in `kind`, else tolerantly."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)


class WireError(ValueError):
    """What came is not the wire; the message names fields, never their content."""


class Kind(StrEnum):
    """What a reply is, and so how it is shown."""

    ANSWER = "answer"
    CHOICES = "choices"
    ABSTAIN = "abstain"
    URGENT = "urgent"
    PROMPT = "prompt"
    NOTICE = "notice"
    BOOKING = "booking"


def _only_web_address(value: object) -> object:
    """Return None for what a browser must not follow: only http(s) addresses become links."""
    if isinstance(value, str) and value.lower().startswith(("http://", "https://")):
        return value
    return None


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
EntryId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Payload = Annotated[
    str,
    Field(
        pattern=r"^/[A-Za-z0-9_]+(\{[^\n]*\})?$",
        description="An intent, perhaps with entities as JSON; the gateway sends it out signed.",
    ),
]
WebAddress = Annotated[str | None, BeforeValidator(_only_web_address)]


class _WireModel(BaseModel):
    """Frozen; keys that we don't know are left out, so that the writer may add some first."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Source(_WireModel):
    """Where an answer comes from."""

    title: Text
    publisher: str | None = None
    date: str | None = None
    url: WebAddress = None


class Choice(_WireModel):
    """One question offered in "did you mean"."""

    entry_id: EntryId
    title: Text


class Button(_WireModel):
    """Something that the person may do next."""

    title: Text
    payload: Payload


class Hotline(_WireModel):
    """A telephone line shown first in the urgent block."""

    name: Text
    phone: Text
    hours: str | None = None
    open_now: bool | None = Field(default=None, description="Null where the hours aren't known.")


class Reply(_WireModel):
    """One reply of the assistant."""

    kind: Kind
    language: LanguageTag = Field(description="Language of `text`, BCP 47.")
    text: Text = Field(description="Plain text; paragraphs are separated by blank lines.")
    entry_id: EntryId | None = Field(default=None, description="The FAQ entry that answers.")
    revision: int | None = None
    as_of: str | None = Field(default=None, description="The day the answer was true, ISO 8601.")
    past_review: bool = Field(
        default=False, description="Whether the entry's review is overdue; `text` then says so."
    )
    translation: Literal["original", "unreviewed", "reviewed"] | None = None
    score: float | None = Field(
        default=None, allow_inf_nan=False, description="Cosine similarity, -1 to 1."
    )
    sources: list[Source] = []
    choices: list[Choice] = []
    buttons: list[Button] = []
    hotlines: list[Hotline] = []
    short_text: Text | None = Field(
        default=None,
        description="`text` without the phone lines, for a page that shows `hotlines` by itself.",
    )
    notice: str | None = Field(
        default=None, description="Shown small under the first reply of a conversation."
    )


class _Envelope(_WireModel):
    """One element of the list that Rasa's REST channel answers with."""

    custom: Reply


_ENVELOPES = TypeAdapter(list[_Envelope])


def read_replies(body: object) -> list[Reply]:
    """Return the replies in `body`, the parsed JSON of Rasa's REST channel.

    Args:
        body: a list of objects, each with a `custom` reply.

    Raises:
        WireError: if any part of it isn't the wire. The message has no text of the conversation.
    """
    try:
        envelopes = _ENVELOPES.validate_python(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        msg = f"The assistant's reply is not the wire: {first['type']} at {place or 'the top'}."
        raise WireError(msg) from None  # pydantic's own message quotes what the reply says
    return [envelope.custom for envelope in envelopes]
