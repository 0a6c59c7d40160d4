"""Everything that the gateway signs: sessions, forms and buttons."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

_SESSION, _FORM, _BUTTON = "session", "form", "button"


@dataclass(frozen=True)
class Press:
    """A button of ours that came back.

    Args:
        payload: the command for Rasa, `/intent` or `/intent{…}`.
        title: what was written on the button.
    """

    payload: str
    title: str


class Tokens:
    """Signs and verifies. Each use has its own key, so that none can stand for another.

    Args:
        secret: SESSION_SECRET.
        session_hours: how long what is signed is good.
    """

    def __init__(self, secret: str, session_hours: float) -> None:
        self._secret = secret
        self._max_age = int(session_hours * 3600)

    @staticmethod
    def new_session() -> str:
        """Return a random session id, 144 bits."""
        return secrets.token_urlsafe(18)

    def sender_id(self, session_id: str) -> str:
        """Return the `sender` that Rasa gets: a keyed hash, in hex, which leads back to nobody."""
        return hmac.new(self._secret.encode(), session_id.encode(), hashlib.sha256).hexdigest()

    def sign_session(self, session_id: str) -> str:
        """Return the token of a session, for its bearer or its cookie."""
        return self._sign(_SESSION, session_id)

    def read_session(self, token: str) -> str | None:
        """Return the session id in `token`, or None if it is forged or too old."""
        session_id = self._read(_SESSION, token)
        return session_id if isinstance(session_id, str) else None

    def sign_form(self, session_id: str) -> str:
        """Return the token that a form of this session carries (against cross-site posts)."""
        return self._sign(_FORM, session_id)

    def is_form_of(self, session_id: str, token: str) -> bool:
        """Tell whether a form came from a page that we made for this session."""
        found = self._read(_FORM, token)
        return isinstance(found, str) and hmac.compare_digest(found.encode(), session_id.encode())

    def sign_button(self, session_id: str, press: Press) -> str:
        """Return a payload as it leaves the gateway, good in this session only."""
        return self._sign(f"{_BUTTON}.{session_id}", [press.payload, press.title])

    def read_button(self, session_id: str, token: str) -> Press | None:
        """Return the button in `token`, or None if we didn't give it to this session."""
        match self._read(f"{_BUTTON}.{session_id}", token):
            case [str(payload), str(title)]:
                return Press(payload, title)
        return None

    def _sign(self, use: str, value: object) -> str:
        signed = self._serializer(use).dumps(value)
        return signed if isinstance(signed, str) else signed.decode()

    def _read(self, use: str, token: str) -> Any:  # noqa: ANN401  whatever JSON was signed
        if not token.isascii():  # itsdangerous would fail to encode half a letter
            return None
        try:
            return self._serializer(use).loads(token, max_age=self._max_age)
        except BadData:
            return None

    def _serializer(self, use: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self._secret, salt=use, signer_kwargs={"digest_method": hashlib.sha256}
        )
