"""The plain page over real HTTP: forms, redirects and escaping, without a script."""

import re
from html import unescape
from typing import Any

import httpx
import pytest
from fake_rasa import FakeRasa
from gateway_runner import free_port, open_http


class Browser:
    """Keeps the cookie and the last page, and sends its forms as a browser does."""

    def __init__(self, url: str, language: str = "en") -> None:
        self.http = open_http(url, **{"Accept-Language": language})
        self.response = self.http.get("/")

    @property
    def html(self) -> str:
        """The page as it came."""
        return self.response.text

    @property
    def text(self) -> str:
        """The page as it is read."""
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", self.html)).split())

    def send(self, path: str = "/", **fields: str) -> httpx.Response:
        """Submit the form of the page with `fields`; follow where it leads."""
        token = re.search(r'name="form_token" value="([^"]+)"', self.html)
        form = {"form_token": token[1] if token else "", **fields}
        files = {name: (None, value.encode()) for name, value in form.items()}
        self.response = self.http.post(path, files=files, follow_redirects=True)
        return self.response

    def press(self, title: str) -> httpx.Response:
        """Press the button with this title."""
        found = re.search(rf'name="payload" value="([^"]+)">{re.escape(title)}</button>', self.html)
        assert found, f"no button {title}"
        return self.send(payload=unescape(found[1]))


@pytest.fixture
def browser(gateway: str) -> Browser:
    """A browser on the first page."""
    return Browser(gateway)


def test_first_visit_greets_and_sends_nothing(browser: Browser, rasa: FakeRasa) -> None:
    assert browser.response.status_code == 200
    assert '<html lang="en" dir="ltr">' in browser.html
    assert "not legal advice" in browser.text
    assert "not confidential" in browser.text
    assert "(718) 458-1489" in browser.text
    assert 'href="tel:+17184581489"' in browser.html
    assert '<label for="question">' in browser.html
    assert "Delete this conversation" not in browser.text
    assert "<script" not in browser.html
    assert "style=" not in browser.html
    assert rasa.received == []


def test_headers(browser: Browser) -> None:
    headers = browser.response.headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    cookie = headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie.replace("assistant_session", "")
    style = re.search(r'href="(/static/page\.css[^"]+)"', browser.html)
    assert style
    assert browser.http.get(style[1]).headers["Cache-Control"].startswith("public")


def test_topic(browser: Browser, rasa: FakeRasa) -> None:
    browser.press("My case")
    assert rasa.texts() == ['/help{"topic":"my-case"}']
    assert '<p class="words" dir="auto">My case</p>' in browser.html
    assert "Or start with a topic" not in browser.text


def test_answer(browser: Browser, rasa: FakeRasa) -> None:
    response = browser.send(text="answer")
    assert response.history[0].status_code == 303
    assert response.history[0].headers["Location"] == "/#latest"
    assert '<html lang="es" dir="ltr">' in browser.html  # the page follows the conversation
    assert 'lang="es" dir="ltr" id="latest"' in browser.html
    assert "Información al 31 de marzo de 2026" in browser.text
    assert "no ha revisado esta traducción" in browser.text
    assert (
        '<a href="https://tracreports.org/phptools/immigration/backlog/" '
        'rel="noopener noreferrer" dir="auto">Immigration Court Backlog</a>' in browser.html
    )
    assert "TRAC, Syracuse University · 31 de marzo de 2026" in browser.text
    assert ">Statement read at a public meeting</span>" in browser.html
    assert "Esta es información general" in browser.text
    browser.press("Ver el texto en inglés")
    browser.send(text="otra")
    assert rasa.texts()[1] == "/show_original"


def test_choices(browser: Browser, rasa: FakeRasa) -> None:
    browser.send(text="choices")
    browser.press("What happens if I miss a hearing?")
    assert rasa.texts()[-1] == '/choose_option{"entry_id":"what-if-i-miss-a-hearing"}'


def test_urgent(browser: Browser) -> None:
    browser.send(text="urgent")
    block = browser.html[browser.html.index('role="alert"') :]
    for link in ("tel:+18005667636", "tel:+18003540365", "tel:911", "tel:+17184581489"):
        assert f'href="{link}"' in block
    assert block.index("tel:+18005667636") < block.index("Stay calm")
    assert "Open now" in block
    assert "Closed now" in block


def test_everything_is_escaped(browser: Browser, rasa: FakeRasa) -> None:
    nasty = "</textarea><script>alert('x')</script>{{ 7*7 }}"
    browser.send(text=nasty)
    assert rasa.texts() == [nasty]
    assert "<script" not in browser.html
    assert nasty in browser.text or "&lt;script&gt;" in browser.html
    wire = (
        'raw:[{"custom": {"kind": "answer", "language": "en", "text": "<img src=x>", "sources": '
        '[{"title": "<b>", "publisher": "<i>", "date": "<u>", "url": "https://x.org/\\"><b>"}], '
        '"buttons": [{"title": "<s>", "payload": "/x"}], "notice": "<q>"}}]'
    )
    browser.send(text=wire)
    for tag in ("<img", "<b>", "<i>", "<u>", "<s>", "<q>"):
        assert tag not in browser.html


def test_languages(browser: Browser) -> None:
    browser.response = browser.http.get("/?lang=es")
    assert '<html lang="es" dir="ltr">' in browser.html
    assert 'lang="es" hreflang="es" aria-current="true">Español</a>' in browser.html
    assert '<input type="hidden" name="lang" value="es">' in browser.html
    assert "No es asesoría legal" in browser.text
    browser.response = browser.http.get("/?lang=<b>")
    assert '<html lang="en"' in browser.html
    assert '<html lang="es"' in Browser(str(browser.http.base_url), "es-GT,en;q=0.5").html


class TestBadInput:
    """A sentence, and nothing lost."""

    def test_empty(self, browser: Browser, rasa: FakeRasa) -> None:
        assert browser.send(text=" ").status_code == 400
        assert "There is no text in your message" in browser.text
        assert 'aria-invalid="true"' in browser.html
        assert rasa.received == []

    def test_too_long_stays_in_the_box(self, browser: Browser, rasa: FakeRasa) -> None:
        text = "<é" * 10_001
        assert browser.send(text=text).status_code == 413
        assert "shorter than 20,000 characters" in browser.text
        assert f">\n{text.replace('<', '&lt;')}</textarea>" in browser.html
        assert rasa.received == []

    def test_the_longest_message_arrives(self, browser: Browser, rasa: FakeRasa) -> None:
        browser.send(text="😀" * 20_000)
        assert rasa.texts() == ["😀" * 20_000]

    def test_too_large(self, browser: Browser) -> None:
        assert browser.send(text="x" * 200_000).status_code == 413
        assert "too large to read" in browser.text

    def test_a_form_from_elsewhere(self, browser: Browser, gateway: str, rasa: FakeRasa) -> None:
        other = Browser(gateway)
        other.http.cookies = browser.http.cookies
        assert other.send(text="my question").status_code == 403
        assert "This conversation has ended" in other.text
        assert "my question</textarea>" in other.html
        assert rasa.received == []
        assert other.send(text="my question").status_code == 200  # the new page's form is good

    def test_no_cookie(self, browser: Browser, rasa: FakeRasa) -> None:
        browser.http.cookies.clear()
        assert browser.send(text="my question").status_code == 403
        assert browser.send(text="my question").status_code == 200
        assert rasa.texts() == ["my question"]

    def test_a_command_as_a_button(self, browser: Browser, rasa: FakeRasa) -> None:
        assert browser.send(payload="/restart").status_code == 403
        assert "This button no longer works" in browser.text
        assert rasa.received == []

    def test_rate(self, start: Any) -> None:
        browser = Browser(start(rate_limit_session="1/minute"), "es")
        browser.send(text="hola")
        response = browser.send(text="otra pregunta")
        assert response.status_code == 429
        assert "Retry-After" in response.headers
        assert "otra pregunta</textarea>" in browser.html

    def test_other_paths(self, browser: Browser) -> None:
        browser.response = browser.http.get("/nothing")
        assert browser.response.status_code == 404
        assert "There is no page at this address" in browser.text
        wrong = browser.http.post(
            "/", content=b"x", headers={"Content-Type": "multipart/form-data"}
        )
        assert wrong.status_code == 400
        files = [("text", ("a.txt", b"x"))]
        assert browser.http.post("/", files=files).status_code == 400


def test_a_failure_is_spoken_and_the_text_kept(start: Any) -> None:
    browser = Browser(start(rasa_url=f"http://127.0.0.1:{free_port()}"))
    assert browser.send(text="¿qué pasa si no voy a la corte?").status_code == 200
    assert "El asistente no funciona" in browser.text
    assert "(718) 458-1489" in browser.text
    assert "¿qué pasa si no voy a la corte?</textarea>" in browser.html


class TestDelete:
    """Rasa deletes, then the page forgets; never is it said without being so."""

    def test_deletes(self, browser: Browser, rasa: FakeRasa) -> None:
        browser.send(text="something private")
        sender = rasa.received[0]["sender"]
        browser.send("/delete")
        assert rasa.received[1]["message"] == "/delete_my_data"
        assert rasa.received[1]["sender"] == sender
        assert "This conversation is deleted." in browser.text
        assert "something private" not in browser.text
        assert "Or start with a topic" in browser.text
        browser.send(text="hello again")
        assert rasa.received[2]["sender"] != sender

    def test_failed(self, browser: Browser, rasa: FakeRasa) -> None:
        browser.send(text="something private")
        rasa.fails = True
        browser.send("/delete")
        assert "not deleted yet" in browser.text
        assert "something private" in browser.text


def test_another_browser_sees_nothing(browser: Browser, gateway: str) -> None:
    browser.send(text="something private")
    assert "something private" in browser.text
    assert "something private" not in Browser(gateway).text


def test_cookie_is_secure_behind_a_proxy_with_https(start: Any) -> None:
    url = start(trusted_proxies=1)
    response = open_http(url).get("/", headers={"X-Forwarded-Proto": "https"})
    assert "; Secure" in response.headers["Set-Cookie"]
