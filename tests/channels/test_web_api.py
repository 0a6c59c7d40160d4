"""The JSON API over real HTTP, before a fake Rasa."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from fake_rasa import FakeRasa, example
from gateway_runner import Client, free_port, open_http

PHONE = "(718) 458-1489"


def _only(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    messages = response.json()["messages"]
    assert len(messages) == 1
    message: dict[str, Any] = messages[0]
    return message


def _notice(response: httpx.Response, status: int, words: str) -> None:
    message = _only(response, status)
    assert message["kind"] == "notice"
    assert words in message["text"]


class TestMessages:
    """What gets through, and as what."""

    @pytest.mark.parametrize("kind", ["answer", "choices", "abstain", "urgent", "prompt", "notice"])
    def test_reply_is_the_wire_with_signed_payloads(self, client: Client, kind: str) -> None:
        reply, sent = client.say(kind), example(kind)
        for button in (*reply["choices"], *reply["buttons"]):
            assert not button["payload"].startswith("/")
        plain = {**reply, "choices": sent["choices"], "buttons": sent["buttons"]}
        assert plain == sent
        assert [choice["title"] for choice in reply["choices"]] == [
            choice["title"] for choice in sent["choices"]
        ]

    def test_unreviewed_translation_offers_the_english(
        self, client: Client, rasa: FakeRasa
    ) -> None:
        button = client.say("answer")["buttons"][-1]
        assert button["title"] == "Ver el texto en inglés"
        assert client.post(payload=button["payload"]).status_code == 200
        assert rasa.texts()[-1] == "/show_original"

    def test_a_choice_comes_back_as_its_command(self, client: Client, rasa: FakeRasa) -> None:
        payload = client.say("choices")["choices"][1]["payload"]
        assert client.post(payload=payload).status_code == 200
        assert rasa.texts()[-1] == '/choose_option{"entry_id":"reopening-after-a-missed-hearing"}'

    def test_a_foreign_or_forged_button_never_arrives(
        self, client: Client, gateway: str, rasa: FakeRasa
    ) -> None:
        payload = client.say("choices")["choices"][0]["payload"]
        other = Client(gateway)
        _notice(other.post(payload=payload), 403, "This button no longer works")
        for forged in ("/restart", payload[:-1], "\ud800", ""):
            body = json.dumps({"payload": forged})
            response = client.http.post(
                "/api/messages",
                content=body,
                headers={
                    "Authorization": f"Bearer {client.token}",
                    "Content-Type": "application/json",
                },
            )
            _notice(response, 403, "This button no longer works")
        assert rasa.texts() == ["choices"]

    @pytest.mark.parametrize("text", ["/restart", "\u3000\u200b／/restart", "\x00/restart"])
    def test_text_is_never_a_command(self, client: Client, rasa: FakeRasa, text: str) -> None:
        client.say(text)
        assert rasa.texts() == ["restart"]

    def test_half_letters_are_dropped(self, client: Client, rasa: FakeRasa) -> None:
        response = client.http.post(
            "/api/messages",
            content=b'{"text": "a\\ud800b"}',
            headers={"Authorization": f"Bearer {client.token}", "Content-Type": "application/json"},
        )
        assert response.status_code == 200
        assert rasa.texts() == ["ab"]

    def test_rasa_hears_a_hash_and_the_language(self, client: Client, rasa: FakeRasa) -> None:
        client.post(text="hello", language="es-MX")
        (body,) = rasa.received
        assert len(bytes.fromhex(body["sender"])) == 32
        assert body["metadata"] == {"language": "es"}
        client.say("hello")
        assert rasa.received[1]["sender"] == body["sender"]
        assert rasa.received[1]["metadata"] == {"language": "en"}


class TestRefusals:
    """A status for the program and a sentence for the person."""

    @pytest.mark.parametrize("text", ["", " \n", "///", "\u200b"])
    def test_empty(self, client: Client, rasa: FakeRasa, text: str) -> None:
        _notice(client.post(text=text), 400, "There is no text in your message")
        assert rasa.received == []

    def test_too_long(self, client: Client, rasa: FakeRasa) -> None:
        _notice(client.post(text="x" * 20_001), 413, "shorter than 20,000 characters")
        assert rasa.received == []
        # Four bytes a letter, and no room to spare: 20,000 of them still fit into a body.
        assert client.post(text="😀" * 20_000).status_code == 200

    @pytest.mark.parametrize(
        "body", ["", "[", "[]", "{}", '{"text": 1}', '{"text": "a", "payload": "b"}', "[" * 90_000]
    )
    def test_other_shapes(self, client: Client, rasa: FakeRasa, body: str) -> None:
        headers = {"Authorization": f"Bearer {client.token}", "Content-Type": "application/json"}
        response = client.http.post("/api/messages", content=body, headers=headers)
        assert response.status_code in (400, 422)
        _notice(response, response.status_code, "did not arrive whole")
        assert rasa.received == []

    @pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer x"}, {"Authorization": "x"}])
    def test_no_session(self, client: Client, rasa: FakeRasa, header: dict[str, str]) -> None:
        spanish = {"Accept-Language": "es"}
        response = client.http.post("/api/messages", json={"text": "a"}, headers=header | spanish)
        _notice(response, 401, "No hay ninguna conversación")
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert rasa.received == []

    def test_body_limit_while_streaming(self, client: Client, rasa: FakeRasa) -> None:
        sent = 0

        def endless() -> Any:
            nonlocal sent
            for _ in range(10_000):
                sent += 64 * 1024
                yield b"x" * 64 * 1024

        try:
            response = client.http.post("/api/messages", content=endless())
        except httpx.HTTPError:
            pass  # the connection was closed on a sender that doesn't stop
        else:
            _notice(response, 413, "too large")
        assert sent < 16 * 1024 * 1024
        chunks = iter([b"x" * 100_000] * 3)
        _notice(client.http.post("/api/messages", content=chunks), 413, "too large")
        assert rasa.received == []

    def test_not_found(self, client: Client) -> None:
        _notice(client.http.get("/api/nothing"), 404, "no page")
        _notice(client.http.get("/api/messages"), 405, "no page")


class TestLimits:
    """Not too often, not too many at once."""

    def test_by_session(self, start: Any, rasa: FakeRasa) -> None:
        url = start(rate_limit_session="2/minute")
        client = Client(url, **{"Accept-Language": "es"})
        for _ in range(2):
            client.say("hola")
        response = client.post(text="hola")
        _notice(response, 429, "Ha enviado muchos mensajes")
        assert 1 <= int(response.headers["Retry-After"]) <= 60
        Client(url).say("another session is not concerned")
        assert len(rasa.received) == 3

    def test_by_address(self, start: Any) -> None:
        url = start(rate_limit_address="3/minute", trusted_proxies=1)
        near = {"X-Forwarded-For": "6.6.6.6, 1.1.1.1"}
        http = open_http(url)
        for _ in range(3):
            http.post("/api/sessions", headers=near).raise_for_status()
        # What the client claims of itself does not help.
        claimed = {"X-Forwarded-For": "7.7.7.7, 1.1.1.1"}
        assert http.post("/api/sessions", headers=claimed).status_code == 429
        far = {"X-Forwarded-For": "6.6.6.6, 2.2.2.2"}
        assert http.post("/api/sessions", headers=far).status_code == 200

    def test_one_queue_a_sender(self, client: Client, rasa: FakeRasa) -> None:
        with ThreadPoolExecutor(10) as pool:
            responses = list(pool.map(lambda _: client.post(text="sleep:0.15"), range(9)))
        statuses = sorted(response.status_code for response in responses)
        assert statuses == [200] * 6 + [429] * 3
        busy = next(response for response in responses if response.status_code == 429)
        _notice(busy, 429, "still being answered")
        assert "Retry-After" in busy.headers
        assert rasa.most_at_once == 1

    def test_senders_do_not_wait_for_each_other(self, gateway: str, rasa: FakeRasa) -> None:
        clients = [Client(gateway) for _ in range(8)]
        started = time.monotonic()
        threads = [threading.Thread(target=c.say, args=("sleep:0.3",)) for c in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert time.monotonic() - started < 1.5
        assert len({body["sender"] for body in rasa.received}) == 8


class TestFailures:
    """Whatever is down, the person reads a sentence with the firm's phone, in their language."""

    @pytest.mark.parametrize(
        "message", ["raw:[]", "raw:x", 'raw:[{"text": "x"}]', "status:500", "status:502"]
    )
    def test_no_usable_reply(self, client: Client, message: str) -> None:
        _notice(client.post(text=message), 503, PHONE)

    def test_refused_and_timed_out(self, start: Any, rasa: FakeRasa) -> None:
        refused = Client(start(rasa_url=f"http://127.0.0.1:{free_port()}"))
        _notice(refused.post(text="what is a hearing?"), 503, "The assistant is not working")
        slow = Client(start(rasa_timeout=0.1))
        _notice(slow.post(text="sleep:0.4"), 504, PHONE)

    def test_the_language_is_told_from_the_message(self, start: Any) -> None:
        client = Client(start(rasa_url=f"http://127.0.0.1:{free_port()}"))
        spanish = client.post(text="¿Qué pasa si no voy a mi audiencia?")
        _notice(spanish, 503, "El asistente no funciona")
        assert spanish.json()["messages"][0]["language"] == "es"
        # From now on this is a conversation in Spanish.
        _notice(client.post(text=""), 400, "Su mensaje no tiene texto")
        _notice(client.post(text="¿Qué pasa?", language="en"), 503, "The assistant is not")

    def test_the_language_is_the_last_one_spoken(self, client: Client) -> None:
        client.say("answer")  # in Spanish
        _notice(client.post(text="raw:[]"), 503, "El asistente no funciona")


class TestHealth:
    """200 only when an answer could be given."""

    def test_ok(self, start: Any, rasa: FakeRasa) -> None:
        response = open_http(start()).get("/health")
        assert (response.status_code, response.json()) == (200, {"status": "ok", "problems": []})
        assert rasa.received == []

    def test_no_model(self, start: Any, rasa: FakeRasa) -> None:
        rasa.channel = (503, {"problems": ["No model is loaded."]})
        response = open_http(start()).get("/health")
        assert response.status_code == 503
        assert response.json()["problems"] == ["No model is loaded."]

    def test_no_channel(self, start: Any, rasa: FakeRasa) -> None:
        rasa.channel = (404, {})
        problems = open_http(start()).get("/health").json()["problems"]
        assert "no channel named private" in problems[0]

    def test_no_reason(self, start: Any, rasa: FakeRasa) -> None:
        rasa.channel = (500, {})
        problems = open_http(start()).get("/health").json()["problems"]
        assert problems == ["The Rasa server is not ready: HTTP 500."]

    def test_actions_have_a_problem(self, start: Any, rasa: FakeRasa) -> None:
        rasa.actions = (503, {"status": "unavailable", "problems": ["There is no index."]})
        assert open_http(start()).get("/health").json() == {
            "status": "unavailable",
            "problems": ["There is no index."],
        }

    def test_all_down(self, start: Any) -> None:
        nowhere = f"http://127.0.0.1:{free_port()}"
        response = open_http(start(rasa_url=nowhere, actions_url=nowhere)).get("/health")
        assert response.status_code == 503
        assert len(response.json()["problems"]) == 2


def test_openapi_lists_what_is_answered(gateway: str) -> None:
    schema = open_http(gateway).get("/openapi.json").json()
    assert set(schema["paths"]) == {"/api/sessions", "/api/messages", "/health"}
    responses = schema["paths"]["/api/messages"]["post"]["responses"]
    assert set(responses) == {
        *("200", "400", "401", "403", "408", "413", "422", "429", "500", "503", "504")
    }
    assert all(response["description"] for response in responses.values())
    assert open_http(gateway).get("/docs").status_code == 404
