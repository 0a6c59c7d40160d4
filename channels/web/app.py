"""Puts the gateway together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from channels.rasa_client import RasaClient
from channels.web import api, page, refusals
from channels.web.accept_language import accepted_languages
from channels.web.body_limit import BodyLimit
from channels.web.firm import read_firm
from channels.web.gateway import Caller, Gateway
from channels.web.health import HealthCheck
from channels.web.refusals import Refused
from channels.web.responses import RequestLog, SafeHeaders
from channels.web.settings import Settings
from channels.words import Words

_SWEEP_SECONDS = 60
_DESCRIPTION = """\
The assistant of the firm, over HTTP. Start a session, then send messages with its token.

What the person should read is always in `messages`, also when something is wrong: the HTTP status
is for the program, the sentence for the person. Texts are plain text: escape them.
"""


def create_app(settings: Settings) -> ASGIApp:
    """Return the whole gateway.

    Args:
        settings: validated.

    Raises:
        WordsError: if the catalogues are missing.
        FirmError: if content/firm.yaml can't be used.
    """
    words = Words.read(settings.locales_dir, settings.wanted_languages)
    firm = read_firm(settings.content_dir)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            RasaClient(settings.rasa_url, settings.rasa_timeout) as rasa,
            HealthCheck(settings.rasa_url, settings.actions_url) as health,
        ):
            gateway = Gateway(settings, words, firm, rasa)
            app.state.gateway = gateway
            app.state.page = page.Page(gateway, settings)
            app.state.health = health
            sweeper = asyncio.create_task(_sweep(app.state.page, gateway))
            yield
            sweeper.cancel()
            with suppress(asyncio.CancelledError):
                await sweeper

    app = FastAPI(
        title="Assistant gateway",
        version="1",
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,  # both load their scripts from another origin
        redoc_url=None,
    )
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes, respond=_refuse)
    app.add_exception_handler(Refused, _on_refused)
    app.add_exception_handler(RequestValidationError, _on_wrong_shape)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_unexpected)
    app.include_router(api.router)
    app.include_router(page.router)
    return RequestLog(SafeHeaders(app))


async def _sweep(shown: page.Page, gateway: Gateway) -> None:
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        shown.sweep()
        gateway.sweep()


async def _refuse(request: Request, refused: Refused) -> Response:
    """Say a refusal as the caller can read it: JSON for the API, a page for a browser."""
    gateway = api.gateway_of(request)
    accepted = accepted_languages(request.headers.get("accept-language"))
    if request.url.path.startswith("/api/"):
        return api.refusal_response(gateway, Caller("", accepted=accepted), refused)
    shown = page.page_of(request)
    caller = Caller(shown.session_of(request) or "", accepted=accepted)
    language = gateway.language_for(caller)
    sentence = gateway.say(language, refused.key, **refused.values)
    return HTMLResponse(
        shown.view.problem(language, sentence),
        status_code=refused.status,
        headers=refused.headers,
    )


async def _on_refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refused):
        raise error
    return await _refuse(request, error)


async def _on_wrong_shape(request: Request, error: Exception) -> Response:
    # FastAPI's own answer would quote what was sent.
    return await _refuse(request, refusals.unreadable())


async def _on_http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    not_found = error.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
    key = "web_not_found" if not_found else "web_unreadable"
    response = await _refuse(request, Refused(HTTPStatus(error.status_code), key))
    response.headers.update(error.headers or {})
    return response


async def _on_unexpected(request: Request, error: Exception) -> Response:
    return await _refuse(request, Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "web_failed"))
