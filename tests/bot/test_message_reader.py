"""bot/components/message_reader.py against a real, small HTTP server in the encoder's place."""

from __future__ import annotations

import json
import socket
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.message_reader import MessageReader

pytestmark = pytest.mark.rasa

DIMENSION = 8
RESOURCE = Resource("message_reader")


def vector_of(text: str) -> list[float]:
    """Return a unit vector; the same for the same text."""
    seed = zlib.crc32(text.encode("utf-8", "replace"))
    vector = np.random.default_rng(seed).normal(size=DIMENSION)
    return [float(value) for value in vector / np.linalg.norm(vector)]


class Encoder:
    """Answers /read, /embed and /health as the action server does; can be told to fail."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.model_id = "small/1"
        self.broken: bytes | int | None = None
        self.urgent_kind: str | None = None
        encoder = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._reply({"model_id": encoder.model_id})

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                texts = json.loads(self.rfile.read(length))["texts"]
                encoder.calls.append(texts)
                if isinstance(encoder.broken, int):
                    self.send_error(encoder.broken)
                elif encoder.broken is not None:
                    self._send(encoder.broken)
                elif self.path == "/embed":
                    self._reply({"embeddings": [vector_of(text) for text in texts]})
                else:
                    self._reply({"messages": [encoder.reading(text) for text in texts]})

            def _reply(self, body: object) -> None:
                self._send(json.dumps(body).encode())

            def _send(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def reading(self, text: str) -> dict[str, Any]:
        return {
            "embedding": vector_of(text),
            "language": "es",
            "language_confidence": 0.97,
            "urgent_kind": self.urgent_kind,
            "urgent_score": 0.5,
            "redacted_text": text.replace("123-456-789", "[A-number]"),
        }

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Encoder]:
    started = Encoder()
    monkeypatch.setenv("ACTIONS_URL", started.url)
    yield started
    started.close()


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path)


def config(**options: Any) -> dict[str, Any]:
    return {**MessageReader.get_default_config(), "timeout": 2.0, **options}


def context() -> ExecutionContext:
    return ExecutionContext(GraphSchema({}), node_name="message_reader")


def examples(count: int) -> TrainingData:
    texts = [f"question {number}" for number in range(count)]
    return TrainingData([Message.build(text=text, intent="ask_faq") for text in texts])


def trained(storage: LocalModelStorage, data: TrainingData, **options: Any) -> MessageReader:
    MessageReader.create(config(**options), storage, RESOURCE, context()).train(data)
    return MessageReader.load(config(**options), storage, RESOURCE, context())


def sentence_vector(message: Message) -> np.ndarray:
    _, features = message.get_dense_features(TEXT, [])
    assert features is not None
    return np.asarray(features.features)


def read(reader: MessageReader, text: str) -> Message:
    (message,) = reader.process([Message(data={TEXT: text})])
    return message


def test_training_examples_go_in_batches(encoder: Encoder, storage: LocalModelStorage) -> None:
    data = examples(600)
    reader = trained(storage, data)
    assert [len(call) for call in encoder.calls] == [256, 256, 88]
    encoder.calls.clear()
    reader.process_training_data(data)
    assert [len(call) for call in encoder.calls] == [256, 256, 88]
    assert all(sentence_vector(m).shape == (1, DIMENSION) for m in data.training_examples)


def test_vectors_are_centred(encoder: Encoder, storage: LocalModelStorage) -> None:
    data = examples(40)
    vector = sentence_vector(read(trained(storage, data), "question 3"))[0]
    assert np.linalg.norm(vector) == pytest.approx(1.0, rel=1e-5)
    mean = np.mean([vector_of(m.get(TEXT)) for m in data.training_examples], axis=0)
    centred = np.array(vector_of("question 3")) - mean
    assert vector == pytest.approx(centred / np.linalg.norm(centred), rel=1e-4)


def test_the_mean_is_the_same_after_loading(encoder: Encoder, storage: LocalModelStorage) -> None:
    component = MessageReader.create(config(), storage, RESOURCE, context())
    component.train(examples(10))
    loaded = MessageReader.load(config(), storage, RESOURCE, context())
    text = "what is a hearing"
    assert sentence_vector(read(component, text)) == pytest.approx(
        sentence_vector(read(loaded, text))
    )


def test_what_was_read_goes_into_the_parse_data(
    encoder: Encoder, storage: LocalModelStorage
) -> None:
    encoder.urgent_kind = "detained"
    message = read(trained(storage, examples(3)), "mi número es 123-456-789")
    assert encoder.calls[-1] == ["mi número es 123-456-789"]
    assert {
        name: message.as_dict(only_output_properties=True)[name]
        for name in (
            "language",
            "language_confidence",
            "urgent_kind",
            "urgent_score",
            "redacted_text",
        )
    } == {
        "language": "es",
        "language_confidence": 0.97,
        "urgent_kind": "detained",
        "urgent_score": 0.5,
        "redacted_text": "mi número es [A-number]",
    }
    assert message.get("entities") is None
    assert not message.get("reading_failed")


@pytest.mark.parametrize(
    "broken",
    [500, 404, b"", b"not json", b"{}", b'{"messages": []}', b'{"messages": [{"language": "en"}]}'],
)
def test_a_failure_is_marked_and_never_silent(
    encoder: Encoder,
    storage: LocalModelStorage,
    broken: bytes | int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    reader = trained(storage, examples(3))
    encoder.broken = broken
    message = read(reader, "my number is 123-456-789")
    assert message.as_dict(only_output_properties=True)["reading_failed"] is True
    assert not sentence_vector(message).any()
    assert sentence_vector(message).shape == (1, DIMENSION)
    assert "123-456-789" not in caplog.text
    assert "did not read" in caplog.text


def test_nobody_there_is_a_failure_too(
    encoder: Encoder, storage: LocalModelStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(storage, examples(3))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("ACTIONS_URL", f"http://127.0.0.1:{taken.getsockname()[1]}")
        reader = MessageReader.load(config(), storage, RESOURCE, context())
        assert read(reader, "hello").get("reading_failed") is True


def test_a_late_answer_is_a_failure(encoder: Encoder, storage: LocalModelStorage) -> None:
    trained(storage, examples(3))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        options = config(timeout=0.2)
        reader = MessageReader.load(options, storage, RESOURCE, context())
        reader._url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert read(reader, "hello").get("reading_failed") is True


def test_one_failure_leaves_the_other_messages_alone(
    encoder: Encoder, storage: LocalModelStorage
) -> None:
    reader = trained(storage, examples(3))
    encoder.broken = 500
    assert read(reader, "hello").get("reading_failed") is True
    encoder.broken = None
    message = read(reader, "hello")
    assert not message.get("reading_failed")
    assert sentence_vector(message).any()


def test_commands_are_not_read(encoder: Encoder, storage: LocalModelStorage) -> None:
    reader = trained(storage, examples(3))
    encoder.calls.clear()
    message = read(reader, '/choose_option{"entry_id":"x"}')
    assert encoder.calls == []
    assert not sentence_vector(message).any()
    assert not message.get("reading_failed")


def test_a_message_without_text_gets_a_vector(encoder: Encoder, storage: LocalModelStorage) -> None:
    reader = trained(storage, examples(3))
    assert sentence_vector(read(reader, "")).shape == (1, DIMENSION)


def test_the_fingerprint_follows_the_model(encoder: Encoder) -> None:
    first = MessageReader.fingerprint_addon(config())
    assert MessageReader.fingerprint_addon(config()) == first
    encoder.model_id = "small/2"
    assert MessageReader.fingerprint_addon(config()) != first


@pytest.mark.parametrize("options", [{"timeout": -1}, {"timeout": 0}, {"timeout": "0"}])
def test_options_that_cannot_work_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(InvalidConfigException, match=next(iter(options))):
        MessageReader.validate_config(options)


def test_the_default_options_are_accepted() -> None:
    MessageReader.validate_config(MessageReader.get_default_config())
    MessageReader.validate_config({})


def test_the_variable_wins_over_the_config(encoder: Encoder, storage: LocalModelStorage) -> None:
    reader = trained(storage, examples(3), url="http://127.0.0.1:1")
    assert not read(reader, "hello").get("reading_failed")
