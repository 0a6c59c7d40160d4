"""What the API and the page share: checks a message, asks Rasa, and speaks when Rasa doesn't."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from channels.incoming import clean_message
from channels.language_guess import LanguageGuesser
from channels.rasa_client import AssistantError, RasaClient
from channels.sender_queue import QueueFull, SenderQueues
from channels.web import refusals
from channels.web.firm import Firm
from channels.web.outgoing import SignedReply, notice, signed
from channels.web.rate_limit import RateLimits
from channels.web.recent import Recent
from channels.web.settings import Settings
from channels.web.tokens import Press, Tokens
from channels.wire import Reply
from channels.words import DEFAULT_LANGUAGE, Words

log = logging.getLogger(__name__)
_LETTERS_TO_SWITCH = 15  # two or three words change the language of a conversation, one doesn't
_LANGUAGES_KEPT = 10_000  # sessions whose last language is remembered, some 150 bytes each


@dataclass(frozen=True)
class Caller:
    """Who asks, and how they want to be spoken to.

    Args:
        session_id: the signed random id.
        chosen: the language that the person chose, if any.
        accepted: the languages that the browser asks for, best first.
    """

    session_id: str
    chosen: str | None = None
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spoken:
    """What the person reads after a message.

    Args:
        replies: at least one.
        status: OK, or why the assistant could not reply.
    """

    replies: Sequence[Reply]
    status: HTTPStatus = HTTPStatus.OK


class Gateway:
    """One a process.

    Args:
        settings: the table of settings.
        words: the catalogues.
        firm: whose phone is offered when the assistant fails.
        rasa: the way to Rasa.
    """

    def __init__(self, settings: Settings, words: Words, firm: Firm, rasa: RasaClient) -> None:
        self.settings = settings
        self.words = words
        self.firm = firm
        self.tokens = Tokens(settings.secret, settings.session_hours)
        self.limits = RateLimits(settings.rate_limit_session, settings.rate_limit_address)
        self._rasa = rasa
        self._queues = SenderQueues()
        self._guesser = LanguageGuesser(words)
        self._last_languages: Recent[str] = Recent(_LANGUAGES_KEPT, settings.session_hours * 3600)

    def read_text(self, text: str) -> str:
        """Return the message that may be sent on.

        Raises:
            Refused: if it is empty or too long.
        """
        if len(text) > self.settings.max_message_chars:
            raise refusals.too_long(self.settings.max_message_chars)
        cleaned = clean_message(text)
        if not cleaned:
            raise refusals.empty_message()
        return cleaned

    def read_button(self, session_id: str, token: str) -> Press:
        """Return the button that the session was given.

        Raises:
            Refused: if it wasn't.
        """
        press = self.tokens.read_button(session_id, token)
        if press is None:
            raise refusals.stale_button()
        return press

    async def ask(self, caller: Caller, message: str, *, is_text: bool) -> Spoken:
        """Return what the person reads after `message`: Rasa's replies, or a sentence of ours.

        Args:
            caller: whose message it is.
            message: cleaned text, or the payload of a verified button.
            is_text: whether it is text, so that its language can be told.

        Raises:
            Refused: if too many messages of the session wait.
        """
        sender_id = self.tokens.sender_id(caller.session_id)
        language = self.language_for(caller)
        try:
            async with self._queues.turn(sender_id):
                replies = await self._rasa.send(sender_id, message, {"language": language})
        except QueueFull:
            raise refusals.busy() from None
        except AssistantError as error:
            log.warning("assistant failed error=%s detail=%s", type(error).__name__, error)
            if is_text:
                language = self._guess(caller, message) or language
            return Spoken([self._apology(language, error)], error.http_status)
        self._last_languages.put(caller.session_id, replies[-1].language)
        return Spoken(replies)

    def language_for(self, caller: Caller) -> str:
        """Return the language to speak: chosen, else last spoken, else the browser's, else ours."""
        last = self._last_languages.get(caller.session_id)
        return self.words.negotiate([caller.chosen or "", last or "", *caller.accepted]) or (
            DEFAULT_LANGUAGE
        )

    def forget(self, session_id: str) -> None:
        """Drop what the gateway remembers of a session."""
        self._last_languages.forget(session_id)

    def sweep(self) -> None:
        """Drop what has been idle for too long."""
        self._last_languages.sweep()

    def say(self, language: str, key: str, **values: object) -> str:
        """Return a sentence, in which `{firm}` and `{phone}` are the firm's."""
        return self.words.say(language, key, firm=self.firm.name, phone=self.firm.phone, **values)

    def refusal(self, language: str, refused: refusals.Refused) -> Reply:
        """Return the sentence of a refusal as a reply."""
        return notice(language, self.say(language, refused.key, **refused.values))

    def signed(self, reply: Reply, session_id: str) -> SignedReply:
        """Return `reply` as it leaves for a session."""
        return signed(reply, session_id, self.tokens, self.words)

    def _guess(self, caller: Caller, text: str) -> str | None:
        """Return the language that the person just wrote in, where that counts and is clear."""
        if caller.chosen:
            return None
        spoken_before = self._last_languages.get(caller.session_id) is not None
        guessed = self._guesser.guess(text, _LETTERS_TO_SWITCH if spoken_before else 1)
        if guessed:
            self._last_languages.put(caller.session_id, guessed)
        return guessed

    def _apology(self, language: str, error: AssistantError) -> Reply:
        timed_out = error.http_status == HTTPStatus.GATEWAY_TIMEOUT
        key = "web_timed_out" if timed_out else "web_unavailable"
        return notice(language, self.say(language, key))
