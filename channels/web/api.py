"""The JSON API: start a session, send a message, ask how things are."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from channels.incoming import drop_surrogates
from channels.web import refusals
from channels.web.accept_language import accepted_languages
from channels.web.gateway import Caller, Gateway, Spoken
from channels.web.health import HealthCheck
from channels.web.outgoing import Health, Messages
from channels.web.rate_limit import address_of
from channels.web.refusals import Refused

router = APIRouter()
_bearer = HTTPBearer(auto_error=False, description="The `token` of POST /api/sessions.")

WholeText = Annotated[str, BeforeValidator(drop_surrogates)]
Language = Annotated[
    WholeText | None,
    Field(description="The language that the person chose, BCP 47; left out where they didn't."),
]


class Session(BaseModel):
    """A conversation that has begun."""

    token: str = Field(description="Send it as `Authorization: Bearer …`. It can't be renewed.")
    languages: list[str] = Field(description="The languages that are spoken, BCP 47.")


class TextMessage(BaseModel):
    """Something that the person wrote."""

    model_config = ConfigDict(extra="forbid")

    text: WholeText = Field(
        description="As it was typed, at most MAX_MESSAGE_CHARS (20,000 if not set otherwise). Slashes at "
        "its start are dropped: text is never a command.",
        # Said and not enforced here: what breaks it gets a sentence of its own, not a 422.
        json_schema_extra={"minLength": 1, "pattern": r"[^\s/]"},
    )
    language: Language = None


class ButtonPress(BaseModel):
    """A button or choice of an earlier reply of the same session."""

    model_config = ConfigDict(extra="forbid")

    payload: WholeText = Field(description="The `payload` of the button or choice, unchanged.")
    language: Language = None


_RETRY_AFTER = {
    "Retry-After": {
        "description": "Seconds until it makes sense to ask again.",
        "schema": {"type": "integer", "minimum": 1},
    }
}


def _sentence(description: str, **extra: object) -> dict[str, Any]:
    return {"model": Messages, "description": f"{description} `messages` says so.", **extra}


_BODY_STATUSES: dict[int | str, dict[str, Any]] = {
    408: _sentence("The body did not come in time."),
    413: _sentence("The message or the body is too long."),
    429: _sentence("Too many requests.", headers=_RETRY_AFTER),
    500: _sentence("Something unexpected went wrong."),
}


def gateway_of(request: Request) -> Gateway:
    """Return the gateway of this application."""
    gateway: Gateway = request.app.state.gateway
    return gateway


GatewayOf = Annotated[Gateway, Depends(gateway_of)]


def count_address(request: Request, gateway: GatewayOf) -> None:
    """Count a request of the caller's network address; refuse one too many."""
    gateway.limits.count_address(address_of(request, gateway.settings.trusted_proxies))


def session_of(
    gateway: GatewayOf,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> str:
    """Return the session of the caller's token, and count a message of it."""
    session_id = gateway.tokens.read_session(credentials.credentials) if credentials else None
    if session_id is None:
        raise refusals.no_session()
    gateway.limits.count_session(session_id)
    return session_id


@router.post(
    "/api/sessions",
    summary="Start a conversation",
    operation_id="start_session",
    dependencies=[Depends(count_address)],
    responses=_BODY_STATUSES,
)
async def start_session(gateway: GatewayOf) -> Session:
    """Give a token for a new conversation. Nothing is stored, nothing is sent to the assistant."""
    token = gateway.tokens.sign_session(gateway.tokens.new_session())
    return Session(token=token, languages=list(gateway.words.languages))


@router.post(
    "/api/messages",
    summary="Send a message or press a button",
    operation_id="send_message",
    dependencies=[Depends(count_address)],
    response_model=Messages,
    responses={
        400: _sentence("The message is empty."),
        401: _sentence("The token is missing, forged or too old."),
        403: _sentence("The button isn't one of this session."),
        422: _sentence("The body isn't of the shape described."),
        **_BODY_STATUSES,
        503: _sentence("The assistant isn't working."),
        504: _sentence("The assistant didn't reply in time."),
    },
)
async def send_message(
    body: TextMessage | ButtonPress,
    request: Request,
    gateway: GatewayOf,
    session_id: Annotated[str, Depends(session_of)],
) -> Response:
    """Return what the person reads next. Messages of a session are answered one at a time."""
    caller = Caller(
        session_id,
        chosen=gateway.words.negotiate([body.language or ""]),
        accepted=accepted_languages(request.headers.get("accept-language")),
    )
    try:
        if isinstance(body, TextMessage):
            spoken = await gateway.ask(caller, gateway.read_text(body.text), is_text=True)
        else:
            press = gateway.read_button(session_id, body.payload)
            spoken = await gateway.ask(caller, press.payload, is_text=False)
    except Refused as refused:
        return refusal_response(gateway, caller, refused)
    return _response(gateway, session_id, spoken)


@router.get(
    "/health",
    summary="Whether the assistant can answer",
    operation_id="health",
    response_model=Health,
    responses={
        503: {"model": Health, "description": "It can't; `problems` says what is wrong."},
        500: _BODY_STATUSES[500],
    },
)
async def health(request: Request) -> Response:
    """Ask Rasa, its model and the action server."""
    check: HealthCheck = request.app.state.health
    problems = await check.problems()
    found = Health(status="unavailable" if problems else "ok", problems=problems)
    status = HTTPStatus.SERVICE_UNAVAILABLE if problems else HTTPStatus.OK
    return JSONResponse(found.model_dump(), status_code=status)


def refusal_response(gateway: Gateway, caller: Caller, refused: Refused) -> JSONResponse:
    """Return a refusal as the API says it: a status, and a notice for the person."""
    reply = gateway.refusal(gateway.language_for(caller), refused)
    return _response(gateway, caller.session_id, Spoken([reply], refused.status), refused.headers)


def _response(
    gateway: Gateway, session_id: str, spoken: Spoken, headers: dict[str, str] | None = None
) -> JSONResponse:
    messages = Messages(messages=[gateway.signed(reply, session_id) for reply in spoken.replies])
    return JSONResponse(
        messages.model_dump(mode="json"), status_code=spoken.status, headers=headers
    )
