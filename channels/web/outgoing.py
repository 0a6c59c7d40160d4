"""Replies as they leave the gateway: each choice and button with a payload signed for one session."""

from typing import Literal

from pydantic import BaseModel, Field

from channels.web.tokens import Press, Tokens
from channels.wire import Button, Choice, Kind, Reply
from channels.words import Words

SHOW_ORIGINAL = "/show_original"
_SIGNED = "Signed for this session: send it back as `payload`, unchanged."


class SignedChoice(Choice):
    """One question offered, as a button."""

    payload: str = Field(description=_SIGNED)


class SignedButton(BaseModel):
    """Something that the person may do next."""

    title: str
    payload: str = Field(description=_SIGNED)


class SignedReply(Reply):
    """One reply of the assistant, for one session."""

    choices: list[SignedChoice] = []  # type: ignore[assignment]  # narrower, and never written to
    buttons: list[SignedButton] = []  # type: ignore[assignment]


class Messages(BaseModel):
    """What the person reads next, in order."""

    messages: list[SignedReply] = Field(min_length=1)


class Health(BaseModel):
    """Whether everything that an answer needs is there."""

    status: Literal["ok", "unavailable"]
    problems: list[str] = Field(description="One sentence a problem, for who runs the assistant.")


def signed(reply: Reply, session_id: str, tokens: Tokens, words: Words) -> SignedReply:
    """Return `reply` for the session, with a way to the English where nobody checked its words."""

    def sign(payload: str, title: str) -> str:
        return tokens.sign_button(session_id, Press(payload, title))

    buttons = list(reply.buttons)
    has_original = any(button.payload.startswith(SHOW_ORIGINAL) for button in buttons)
    if reply.translation == "unreviewed" and not has_original:
        title = words.say(reply.language, "web_show_original")
        buttons.append(Button(title=title, payload=SHOW_ORIGINAL))
    return SignedReply(
        **reply.model_dump(exclude={"choices", "buttons"}),
        choices=[
            SignedChoice(
                entry_id=choice.entry_id,
                title=choice.title,
                payload=sign(f'/choose_option{{"entry_id":"{choice.entry_id}"}}', choice.title),
            )
            for choice in reply.choices
        ],
        buttons=[
            SignedButton(title=button.title, payload=sign(button.payload, button.title))
            for button in buttons
        ],
    )


def notice(language: str, text: str) -> Reply:
    """Return a sentence of the gateway's own as a reply."""
    return Reply(kind=Kind.NOTICE, language=language, text=text)
