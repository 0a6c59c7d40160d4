"""Turns a conversation into HTML: everything escaped, every word out of the catalogues."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from channels.web.firm import telephone_link
from channels.web.gateway import Gateway
from channels.web.outgoing import SignedReply
from channels.web.tokens import Press
from channels.web.transcript import Exchange, Transcript
from channels.wire import Reply
from channels.words import direction

_HERE = Path(__file__).resolve().parent
STYLE = (_HERE / "static" / "page.css").read_bytes()
STYLE_VERSION = hashlib.sha256(STYLE).hexdigest()[:12]
TOPICS = ("prosecutorial-discretion", "history", "backlog", "my-case", "safety", "firm")

Say = Callable[..., str]


@dataclass(frozen=True)
class _Option:
    title: str
    payload: str


@dataclass(frozen=True)
class _Link:
    language: str
    name: str
    is_current: bool


@dataclass(frozen=True)
class _ReplyView:
    reply: SignedReply
    direction: str
    say: Say
    as_of: str | None


@dataclass(frozen=True)
class _ExchangeView:
    said: str | None
    language: str
    replies: list[_ReplyView]
    is_latest: bool


class PageView:
    """Renders the page.

    Args:
        gateway: its words, firm and keys.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        templates.filters["paragraphs"] = paragraphs
        templates.filters["telephone"] = telephone_link
        templates.filters["day"] = day
        self._page = templates.get_template("page.html")
        self._problem = templates.get_template("problem.html")

    def page(
        self,
        session_id: str,
        language: str,
        transcript: Transcript,
        *,
        chosen: str | None = None,
        draft: str = "",
        problem: str | None = None,
    ) -> str:
        """Return the whole page.

        Args:
            session_id: whose page it is.
            language: of everything but the replies.
            transcript: the conversation so far.
            chosen: the language asked for in the address, kept by the forms.
            draft: what stands in the box.
            problem: a sentence on why what was sent was not taken.
        """
        last = len(transcript.exchanges) - 1
        exchanges = [
            self._exchange(session_id, exchange, language, is_latest=position == last)
            for position, exchange in enumerate(transcript.exchanges)
        ]
        return self._page.render(
            **self._common(language),
            form_token=self._gateway.tokens.sign_form(session_id),
            chosen=chosen,
            exchanges=exchanges,
            has_begun=transcript.has_begun,
            topics=[] if transcript.has_begun else self._topics(session_id, language),
            draft=draft,
            problem=problem,
        )

    def problem(self, language: str, sentence: str) -> str:
        """Return a page that only says what went wrong."""
        return self._problem.render(**self._common(language), sentence=sentence)

    def _common(self, language: str) -> dict[str, object]:
        words = self._gateway.words
        return {
            "language": language,
            "direction": direction(language),
            "say": partial(self._gateway.say, language),
            "firm": self._gateway.firm,
            "style_version": STYLE_VERSION,
            "languages": [
                _Link(other, words.say(other, "web_language_name"), other == language)
                for other in words.languages
            ],
        }

    def _topics(self, session_id: str, language: str) -> list[_Option]:
        options = []
        for topic in TOPICS:
            title = self._gateway.say(language, f"web_topic_{topic.replace('-', '_')}")
            press = Press(f'/help{{"topic":"{topic}"}}', title)
            options.append(_Option(title, self._gateway.tokens.sign_button(session_id, press)))
        return options

    def _exchange(
        self, session_id: str, exchange: Exchange, language: str, *, is_latest: bool
    ) -> _ExchangeView:
        replies = [self._reply(session_id, reply) for reply in exchange.replies]
        # What the person wrote is most likely in the language that they were answered in.
        said_in = exchange.replies[0].language if exchange.replies else language
        return _ExchangeView(exchange.said, said_in, replies, is_latest)

    def _reply(self, session_id: str, reply: Reply) -> _ReplyView:
        signed = self._gateway.signed(reply, session_id)
        return _ReplyView(
            reply=signed,
            direction=direction(signed.language),
            say=partial(self._gateway.say, signed.language),
            as_of=day(signed.as_of, signed.language) if signed.as_of else None,
        )


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of plain text, which blank lines part."""
    return [part for part in re.split(r"\n[ \t]*\n+", text.strip()) if part.strip()]


def day(written: str, language: str) -> str:
    """Return an ISO date as the language writes it; anything else as it is."""
    try:
        locale = Locale.parse(language, sep="-")
        return str(format_date(date.fromisoformat(written), "long", locale=locale))
    except (ValueError, UnknownLocaleError):
        return written
