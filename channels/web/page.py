"""The plain page: forms and redirects, no script."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from channels.web import refusals
from channels.web.accept_language import accepted_languages
from channels.web.gateway import Caller, Gateway
from channels.web.outgoing import notice
from channels.web.rate_limit import address_of
from channels.web.recent import Recent
from channels.web.refusals import Refused
from channels.web.settings import Settings
from channels.web.transcript import Exchange, Transcript
from channels.web.views import STYLE, PageView

COOKIE = "assistant_session"
_DELETE = "/delete_my_data"
_MAX_FIELDS = 10
_YEAR = 365 * 24 * 3600

router = APIRouter(include_in_schema=False)


class Page:
    """The page's side of the gateway: transcripts and cookies.

    Args:
        gateway: answers.
        settings: the table of settings.
    """

    def __init__(self, gateway: Gateway, settings: Settings) -> None:
        self.gateway = gateway
        self.view = PageView(gateway)
        self._settings = settings
        self._transcripts: Recent[Transcript] = Recent(
            settings.transcript_sessions, settings.transcript_minutes * 60
        )

    def sweep(self) -> None:
        """Forget the conversations that have been silent for too long."""
        self._transcripts.sweep()

    def transcript(self, session_id: str) -> Transcript:
        """Return the conversation of a session, an empty one if it is new or forgotten."""
        return self._transcripts.get(session_id) or Transcript.of_length(
            self._settings.transcript_messages
        )

    def keep(self, session_id: str, transcript: Transcript) -> None:
        """Remember the conversation of a session."""
        self._transcripts.put(session_id, transcript)

    def forget(self, session_id: str) -> None:
        """Forget the conversation of a session, and all else that is known of it here."""
        self._transcripts.forget(session_id)
        self.gateway.forget(session_id)

    def session_of(self, request: Request) -> str | None:
        """Return the session of the request's cookie."""
        return self.gateway.tokens.read_session(request.cookies.get(COOKIE, ""))

    def set_cookie(self, request: Request, response: Response, session_id: str) -> None:
        """Give the browser the session, for its forms."""
        scheme = request.url.scheme
        if self._settings.trusted_proxies:
            scheme = request.headers.get("x-forwarded-proto", scheme)
        response.set_cookie(
            COOKIE,
            self.gateway.tokens.sign_session(session_id),
            max_age=int(self._settings.session_hours * 3600),
            httponly=True,
            samesite="lax",
            secure=scheme == "https",
        )

    def caller(self, request: Request, session_id: str, chosen: str | None) -> Caller:
        """Return who asks, and in which language."""
        return Caller(
            session_id,
            chosen=self.gateway.words.negotiate([chosen or ""]),
            accepted=accepted_languages(request.headers.get("accept-language")),
        )

    def render(
        self,
        request: Request,
        caller: Caller,
        *,
        refused: Refused | None = None,
        draft: str | None = None,
    ) -> HTMLResponse:
        """Return the page of a session, perhaps saying why what was sent was not taken."""
        language = self.gateway.language_for(caller)
        transcript = self.transcript(caller.session_id)
        problem = self.gateway.say(language, refused.key, **refused.values) if refused else None
        html = self.view.page(
            caller.session_id,
            language,
            transcript,
            chosen=caller.chosen,
            draft=transcript.draft if draft is None else draft,
            problem=problem,
        )
        response = HTMLResponse(
            html,
            status_code=refused.status if refused else HTTPStatus.OK,
            headers={"Vary": "Accept-Language, Cookie", **(refused.headers if refused else {})},
        )
        self.set_cookie(request, response, caller.session_id)
        return response


def page_of(request: Request) -> Page:
    """Return the page of this application."""
    page: Page = request.app.state.page
    return page


@router.get("/")
async def show(request: Request) -> Response:
    """Show the conversation; without one, a greeting, of which Rasa hears nothing."""
    page = page_of(request)
    session_id = page.session_of(request) or page.gateway.tokens.new_session()
    return page.render(request, page.caller(request, session_id, request.query_params.get("lang")))


@router.post("/")
async def send(request: Request) -> Response:
    """Take a message or a button, then show the page anew (post, redirect, get)."""
    page = page_of(request)
    form = await request.form(max_files=0, max_fields=_MAX_FIELDS)
    text, button = _field(form, "text"), _field(form, "payload")
    try:
        caller = _accept(page, request, form)
        page.gateway.limits.count_session(caller.session_id)
        if button:
            press = page.gateway.read_button(caller.session_id, button)
            said, message, is_text = press.title, press.payload, False
        else:
            said = message = page.gateway.read_text(text)
            is_text = True
        spoken = await page.gateway.ask(caller, message, is_text=is_text)
    except Refused as refused:
        session_id = page.session_of(request) or page.gateway.tokens.new_session()
        caller = page.caller(request, session_id, _field(form, "lang"))
        return page.render(request, caller, refused=refused, draft=text)
    transcript = page.transcript(caller.session_id)
    transcript.exchanges.append(Exchange(said, spoken.replies))
    if is_text:
        transcript.draft = "" if spoken.status == HTTPStatus.OK else text
    page.keep(caller.session_id, transcript)
    return _see_page(page, request, caller.session_id)


@router.post("/delete")
async def delete(request: Request) -> Response:
    """Have Rasa delete what it kept, then forget the conversation here."""
    page = page_of(request)
    gateway = page.gateway
    form = await request.form(max_files=0, max_fields=_MAX_FIELDS)
    try:
        caller = _accept(page, request, form)
        spoken = await gateway.ask(caller, _DELETE, is_text=False)
    except Refused as refused:
        session_id = page.session_of(request) or gateway.tokens.new_session()
        caller = page.caller(request, session_id, _field(form, "lang"))
        return page.render(request, caller, refused=refused)
    session_id = caller.session_id
    if spoken.status == HTTPStatus.OK:
        key = "web_deleted"
        language = gateway.language_for(caller)
        page.forget(session_id)
        session_id = gateway.tokens.new_session()
    else:
        key = "web_delete_failed"
        language = gateway.language_for(caller)
    transcript = page.transcript(session_id)
    transcript.exchanges.append(Exchange(None, [notice(language, gateway.say(language, key))]))
    page.keep(session_id, transcript)
    return _see_page(page, request, session_id)


@router.get("/static/page.css")
async def style() -> Response:
    """Return the style sheet; its address changes with its content."""
    headers = {"Cache-Control": f"public, max-age={_YEAR}, immutable"}
    return Response(STYLE, media_type="text/css; charset=utf-8", headers=headers)


def _accept(page: Page, request: Request, form: FormData) -> Caller:
    """Return who sent a form, if it is one that we made for them."""
    gateway = page.gateway
    gateway.limits.count_address(address_of(request, gateway.settings.trusted_proxies))
    session_id = page.session_of(request)
    if session_id is None or not gateway.tokens.is_form_of(session_id, _field(form, "form_token")):
        raise refusals.session_ended()
    return page.caller(request, session_id, _field(form, "lang"))


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _see_page(page: Page, request: Request, session_id: str) -> RedirectResponse:
    response = RedirectResponse("/#latest", status_code=HTTPStatus.SEE_OTHER)
    page.set_cookie(request, response, session_id)
    return response
