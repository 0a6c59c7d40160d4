"""Hostile input: no crash, no command obeyed, nothing echoed."""

import json

import pytest
from person import Person
from running_system import System

pytestmark = pytest.mark.system

MARKUP = '<script>alert("x")</script><img src=x onerror=alert(1)>'
ODD = [
    MARKUP,
    "{{ 7*7 }} ${7*7} %(x)s {firm_phone} {0}",
    "'; DROP TABLE conversations; --",
    "a\x00b\x01\x02\x1b[31mred\x7f",
    "how big\x00 is the back\u200blog",
    "how big is the backlog? " + "x" * 19_900,
    "a" * 20_000,
    "\ufdfa" * 100,
    "😀" * 50,
    "🧑‍⚖️⚖️",
    "\u202e\u2066how big is the backlog\u2069",
    "？" * 200,
    "z̷̧̛" * 300,
    "\n\n\n.\n\n\n",
    "null",
    "[]",
    '{"intent": "urgent"}',
]
COMMANDS = [
    "/restart",
    " /restart",
    "\u00a0\u2003/restart",
    "\u200b/restart",
    "\x00/restart",
    "／restart",
    "//restart",
    "/\u200b/restart",
    '/book_consultation{"name":"x"}',
    '/change_language{"language":"es"}',
    '/choose_option{"entry_id":"how-to-appeal"}',
    "/session_start",
]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_text_is_answered_with_words_of_ours(person: Person, text: str) -> None:
    reply = person.say(text)
    assert reply["text"]
    for part in ("<script", "onerror", "DROP TABLE", "\x1b", "49"):
        assert part not in json.dumps(reply, ensure_ascii=False) or part not in text
    assert person.say("how big is the backlog")["entry_id"] == "how-big-is-the-backlog"


def test_only_emoji_is_no_question(person: Person) -> None:
    reply = person.say("😀😀😀")
    assert (reply["entry_id"], reply["choices"]) == (None, [])


@pytest.mark.parametrize("text", COMMANDS, ids=range(len(COMMANDS)))
def test_typed_commands_are_not_obeyed(person: Person, system: System, text: str) -> None:
    before = person.say("how many immigration judges are there in the country")
    reply = person.say(text)
    assert reply["language"] == "en"
    assert reply["entry_id"] != "how-to-appeal"
    again = person.say("say it again")
    # Neither restarted nor deleted: what was said before is still known.
    if reply["entry_id"] is None:
        assert again["entry_id"] == before["entry_id"]
    events = "".join(system.conversations().values())
    assert '"event":"restart"' not in events.replace(" ", "")


@pytest.mark.parametrize(
    "escaped",
    [r"\ud83d how big is the backlog", r"how big is the backlog \udc00\ud800", r"\udfff\udfff"],
)
def test_lone_surrogates_in_json(person: Person, escaped: str) -> None:
    response = person.post(f'{{"text": "{escaped}"}}'.encode())
    assert response.status_code in (200, 400)
    assert response.json()["messages"][0]["text"]
    if "backlog" in escaped:
        assert response.json()["messages"][0]["entry_id"] == "how-big-is-the-backlog"


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "/", "\u200b", "////"])
def test_nothing_to_read_is_told(person: Person, text: str) -> None:
    response = person.post({"text": text})
    assert response.status_code == 400
    assert response.json()["messages"][0]["text"]


def test_too_long_is_told(person: Person) -> None:
    response = person.post({"text": "a" * 20_001})
    assert response.status_code == 413
    assert "shorter" in response.json()["messages"][0]["text"]


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'{"text": 1}', b'{"text": "x", "sender": "y"}', b'{"payload": "/restart"}'],
)
def test_bodies_of_another_shape_are_refused(person: Person, body: bytes) -> None:
    response = person.post(body)
    assert 400 <= response.status_code < 500
    assert person.say("how big is the backlog")["kind"] == "answer"
