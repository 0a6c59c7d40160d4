"""The plain page, used as a browser without scripts uses it."""

import html
import re
from collections.abc import Iterator

import pytest
from person import close_all, http_client
from running_system import System

pytestmark = pytest.mark.system


class Browser:
    """Fills in the page's forms."""

    def __init__(self, url: str, language: str) -> None:
        headers = {"Accept-Language": language}
        self._http = http_client(url, **headers)
        self._http.follow_redirects = True
        self.page = self._http.get("/").text

    def send(self, **fields: str) -> str:
        """Post the form with what was typed or pressed; return the page that follows."""
        token = re.search(r'name="form_token" value="([^"]*)"', self.page)
        assert token, self.page
        data = {"form_token": html.unescape(token[1]), **fields}
        response = self._http.post("/", files={name: (None, value) for name, value in data.items()})
        assert response.status_code == 200
        self.page = response.text
        return self.page

    def press(self, title: str) -> str:
        """Press a button by its words."""
        pattern = r'<button class="option" name="payload" value="([^"]*)">([^<]*)</button>'
        values = {html.unescape(m[2]): html.unescape(m[1]) for m in re.finditer(pattern, self.page)}
        return self.send(payload=values[title])


@pytest.fixture
def browser(system: System) -> Iterator[Browser]:
    yield Browser(system.url, "en-US")
    close_all()


def test_a_question_and_a_related_one(browser: Browser) -> None:
    page = browser.send(text="how big is the backlog")
    assert "3.4 to 3.5 million" in page
    assert "Information as of" in page
    assert '<a href="https://' in page
    related = re.search(r'<button class="option"[^>]*>(Why[^<]*)</button>', page)
    assert related
    assert "Information as of" in browser.press(html.unescape(related[1]))


def test_markup_is_shown_as_text(browser: Browser) -> None:
    page = browser.send(text="<script>alert(1)</script> <b>hi</b>")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;hi&lt;/b&gt;" in page


def test_an_emergency_is_an_alert_with_numbers_to_call(browser: Browser) -> None:
    page = browser.send(text="ICE is at my door right now")
    assert 'role="alert"' in page
    assert 'href="tel:911"' in page
    assert "1-800-566-7636" in page


def test_it_speaks_the_browsers_language(system: System) -> None:
    browser = Browser(system.url, "es-MX,es;q=0.9")
    assert '<html lang="es"' in browser.page
    assert "Información" in browser.send(text="¿cuántos jueces de inmigración hay?")
    close_all()


def test_a_topic_is_pressed_on_the_first_page(browser: Browser) -> None:
    page = browser.press("Staying safe")
    assert "ICE" in page
    assert page.count('class="option"') > 3
