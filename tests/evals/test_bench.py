"""The bench's own parts, and one quick run of it over the real two sides."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from evals.bench import breakdown, measure, peer, report
from evals.bench.load import Deck, at_once, one_by_one, percentile
from evals.bench.messages import read_messages
from evals.bench.processes import Command, Side, free_port, running
from evals.bench.settings import BenchError, Settings
from evals.bench.sides import missing_parts
from evals.bench.training import fingerprint, trained_peer

ROOT = Path(__file__).resolve().parent.parent.parent
WEBHOOK = "/webhooks/rest/webhook"
FIGURES = {"p50_ms", "p95_ms", "throughput", "rss_mb", "ready_s"}


class Server(ThreadingHTTPServer):
    """Answers as a REST channel does, and remembers who was being answered at once."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, reply: object = None, status: int = 200, takes: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply = [{"text": "yes"}] if reply is None else reply
        self.status, self.takes = status, takes
        self.asked: list[dict[str, str]] = []
        self.busy: list[str] = []
        self.overlaps: list[str] = []
        self.most_at_once = 0
        self.lock = threading.Lock()

    @property
    def side(self) -> Side:
        return Side("peer", [], f"http://127.0.0.1:{self.server_address[1]}", WEBHOOK)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        sender = message["sender"].rpartition("-")[0]
        with self.server.lock:
            self.server.asked.append(message)
            if sender in self.server.busy:
                self.server.overlaps.append(sender)
            self.server.busy.append(sender)
            self.server.most_at_once = max(self.server.most_at_once, len(self.server.busy))
        time.sleep(self.server.takes)
        with self.server.lock:
            self.server.busy.remove(sender)
        body = json.dumps(self.server.reply).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def serve() -> Iterator[Any]:
    servers = []

    def start(**options: Any) -> Server:
        server = Server(**options)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_one_sender_writes_ten_messages_and_then_another_comes(serve: Any) -> None:
    server = serve()
    times = one_by_one(server.side, [f"text {n}" for n in range(25)], "a")
    assert len(times) == 25
    assert [message["message"] for message in server.asked] == [f"text {n}" for n in range(25)]
    senders = [message["sender"] for message in server.asked]
    assert senders == ["a-0"] * 10 + ["a-1"] * 10 + ["a-2"] * 5


def test_latency_is_that_of_the_server(serve: Any) -> None:
    times = one_by_one(serve(takes=0.05).side, ["a", "b", "c"], "a")
    assert min(times) >= 50


def test_sixteen_write_at_once_but_each_one_waits_for_the_reply(serve: Any) -> None:
    server = serve(takes=0.02)
    texts = [f"text {n}" for n in range(96)]
    rate = at_once(server.side, texts, 16, "a")
    assert sorted(message["message"] for message in server.asked) == sorted(texts)
    assert server.overlaps == []
    assert 8 < server.most_at_once <= 16
    assert 96 / 0.02 > rate > 50 * 2  # more than two people could get, at 20 ms each


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ([], 200),
        ([{"recipient_id": "a"}], 200),
        ([{"text": ""}], 200),
        ([{"custom": {"text": ""}}], 200),
        ([{"text": "yes"}, {"text": ""}], 200),
        ([{"text": "yes"}], 500),
    ],
)
def test_a_reply_that_says_nothing_fails_the_bench(serve: Any, reply: object, status: int) -> None:
    server = serve(reply=reply, status=status)
    with pytest.raises(BenchError, match="answered a message with"):
        one_by_one(server.side, ["a"], "a")
    with pytest.raises(BenchError, match="answered a message with"):
        at_once(server.side, ["a", "b"], 2, "a")


def test_a_custom_reply_says_something(serve: Any) -> None:
    server = serve(reply=[{"custom": {"kind": "answer", "text": "yes"}}])
    assert len(one_by_one(server.side, ["a"], "a")) == 1


def test_the_deck_goes_round() -> None:
    deck = Deck(["a", "b", "c"])
    assert deck.take(2) == ["a", "b"]
    assert deck.take(3) == ["c", "a", "b"]


def test_percentiles_by_hand() -> None:
    values = [float(n) for n in range(1, 102)]  # 1 to 101: the middle is 51
    assert percentile(values, 50) == 51
    assert percentile(values, 95) == 96
    assert percentile([7.0], 95) == 7


def test_messages_are_each_there_once_in_a_fixed_order(tmp_path: Path) -> None:
    lines = [{"text": text} for text in ["hola", "hola", " ", "/restart", *map(str, range(20))]]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    texts = read_messages([file])
    assert sorted(texts) == sorted(["hola", *map(str, range(20))])
    assert texts == read_messages([file])


@pytest.mark.parametrize("content", ["", "no json", '{"id": 1}'])
def test_a_file_without_messages_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BenchError, match="questions"):
        read_messages([file])


def test_parts_add_up_to_the_whole() -> None:
    medians = {"whole": 20.0, "http": 1.0, "load": 3.0, "nlu": 9.0, "read": 6.0, "actions": 4.0}
    found = breakdown.parts(medians)
    assert found["load"] == 2.0
    assert found["nlu"] + found["actions"] + found["load"] + found["rest"] == found["whole"]


def test_parts_of_the_peer_have_no_action_server() -> None:
    found = breakdown.parts({"whole": 20.0, "http": 1.0, "load": 3.0, "nlu": 9.0})
    assert found["rest"] == 9.0


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """The peer's files, read again."""
    files = peer.project_files(
        ROOT / "content", ROOT / "bot" / "data" / "nlu", Path("/somewhere/peer.db")
    )
    return {name: yaml.safe_load(text) for name, text in files.items()}


def test_the_peer_has_an_answer_and_wordings_for_each_entry(project: dict[str, Any]) -> None:
    ids = {file.stem for file in (ROOT / "content" / "en").glob("*.yaml")}
    responses = project["domain.yml"]["responses"]
    assert {key.removeprefix("utter_faq/") for key in responses if "/" in key} == ids
    examples = {part["intent"]: part["examples"] for part in project["data/nlu.yml"]["nlu"]}
    assert {key.removeprefix("faq/") for key in examples if "/" in key} == ids
    for entry_id in ids:
        lines = examples[f"faq/{entry_id}"].splitlines()
        assert 15 < len(lines) <= 2 * peer.FULL.wordings
        for language in ("en", "es"):
            entry = yaml.safe_load((ROOT / "content" / language / f"{entry_id}.yaml").read_text())
            assert f"- {entry['question']}" in lines


def test_the_peer_knows_the_other_intents(project: dict[str, Any]) -> None:
    intents = {file.stem for file in (ROOT / "bot" / "data" / "nlu" / "en").glob("*.yml")}
    assert set(project["domain.yml"]["intents"]) == {"faq"} | (intents - {"ask_faq"})


def test_every_turn_of_the_peer_has_its_reply(project: dict[str, Any]) -> None:
    turns = project["data/rules.yml"]["rules"] + project["data/stories.yml"]["stories"]
    spoken = {step["action"] for turn in turns for step in turn["steps"] if "action" in step}
    assert spoken - {"utter_faq"} <= set(project["domain.yml"]["responses"])


def test_the_peer_is_the_stock_one(project: dict[str, Any]) -> None:
    pipeline = [part["name"] for part in project["config.yml"]["pipeline"]]
    assert pipeline[-4:] == [
        "DIETClassifier",
        "EntitySynonymMapper",
        "ResponseSelector",
        "FallbackClassifier",
    ]
    policies = [part["name"] for part in project["config.yml"]["policies"]]
    assert policies == ["MemoizationPolicy", "TEDPolicy", "RulePolicy"]
    assert project["endpoints.yml"]["tracker_store"]["type"] == "SQL"
    assert project["credentials.yml"] == {"rest": None}


def test_the_peer_s_examples_hold_no_markup(project: dict[str, Any]) -> None:
    examples = "".join(part["examples"] for part in project["data/nlu.yml"]["nlu"])
    assert not set("[]{}") & set(examples)


def test_wordings_are_taken_evenly() -> None:
    assert peer.evenly(["a", "b"], 3) == ["a", "b"]
    assert peer.evenly(list("abcdefgh"), 4) == list("aceg")


def _fake_rasa(folder: Path) -> Path:
    """Return a `rasa` that writes a model and counts how often it was asked to."""
    folder.mkdir()
    (folder / "python").symlink_to(sys.executable)
    rasa = folder / "rasa"
    rasa.write_text(
        "#!/bin/sh\nmkdir -p models\necho trained > models/peer.tar.gz\n"
        f"echo again >> {folder / 'count'}\n"
    )
    rasa.chmod(0o755)
    return rasa


def test_the_peer_is_trained_once_for_the_same_inputs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.bench.training.rasa_version", lambda _: "3.6.21")
    settings = Settings(rasa_bin=_fake_rasa(tmp_path / "bin"))
    count = tmp_path / "bin" / "count"
    project, files = tmp_path / "peer", {"config.yml": "a", "data/nlu.yml": "b"}
    model = trained_peer(project, files, settings)
    assert model.read_text() == "trained\n"
    assert (project / "data" / "nlu.yml").read_text() == "b"
    trained_peer(project, files, settings)
    assert count.read_text().count("again") == 1
    trained_peer(project, {**files, "data/nlu.yml": "c"}, settings)
    assert count.read_text().count("again") == 2
    model.unlink()
    trained_peer(project, {**files, "data/nlu.yml": "c"}, settings)
    assert count.read_text().count("again") == 3


def test_another_rasa_is_another_input() -> None:
    assert fingerprint({"a": "b"}, "3.6.21") != fingerprint({"a": "b"}, "3.6.20")


def test_a_failed_training_says_why_and_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.bench.training.rasa_version", lambda _: "3.6.21")
    rasa = _fake_rasa(tmp_path / "bin")
    rasa.write_text("#!/bin/sh\necho the reason\nexit 1\n")
    with pytest.raises(BenchError, match="the reason"):
        trained_peer(tmp_path / "peer", {"config.yml": "a"}, Settings(rasa_bin=rasa))
    assert not (tmp_path / "peer" / "trained.json").exists()


def test_without_rasa_it_says_what_to_do(tmp_path: Path) -> None:
    settings = Settings(rasa_bin=tmp_path / "rasa")
    assert str(tmp_path / "rasa") in missing_parts(settings)
    with pytest.raises(BenchError, match="make setup"):
        trained_peer(tmp_path / "peer", {}, settings)


def _answering_side(tmp_path: Path) -> Side:
    """Return a side of one process that starts another."""
    port = free_port()
    program = f"""
import json, subprocess, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open({str(tmp_path / "child")!r}, "w").write(str(child.pid))
class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.dumps([{{"text": "yes"}}]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
HTTPServer(("127.0.0.1", {port}), Handler).serve_forever()
"""
    command = Command("side", [sys.executable, "-c", program], tmp_path, {})
    return Side("peer", [command], f"http://127.0.0.1:{port}", WEBHOOK)


def test_a_side_is_started_weighed_and_stopped_with_its_children(tmp_path: Path) -> None:
    with running(_answering_side(tmp_path), tmp_path, 30) as started:
        child = int((tmp_path / "child").read_text())
        assert started.ready_s > 0
        own = started.rss_mb()
        assert own > 8  # two interpreters
        assert started.cpu_ms() > 0
        assert Path(f"/proc/{child}").exists()
    assert not Path(f"/proc/{started.pids[0]}").exists()
    status = Path(f"/proc/{child}/stat")
    assert not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_side_that_ends_at_its_start_says_why(tmp_path: Path) -> None:
    command = Command("side", [sys.executable, "-c", "raise SystemExit('the port')"], tmp_path, {})
    side = Side("peer", [command], f"http://127.0.0.1:{free_port()}", WEBHOOK)
    with pytest.raises(BenchError, match="the port"), running(side, tmp_path, 30):
        pytest.fail("It must not be taken for running.")


def _measured(p50: float, throughput: float) -> measure.Measured:
    return measure.Measured(
        p50_ms=[p50, p50 + 1, p50 + 50],
        p95_ms=[p50 * 2] * 3,
        throughput_1=[10.0] * 3,
        throughput=[throughput] * 3,
        cpu_ms=[9.0] * 3,
        ready_s=[5.0, 7.0],
        rss_mb=1000.0,
        breakdown={"whole": p50, "nlu": 1.0, "load": 1.0, "rest": 1.0, "http": 0.5},
    )


@pytest.fixture
def results() -> dict[str, measure.Measured]:
    """A run in which the assistant does well enough in one respect only."""
    return {"assistant": _measured(20, 50), "peer": _measured(60, 25)}


def test_the_ten_figures_are_medians(results: dict[str, measure.Measured]) -> None:
    assert report.summary(results) == {
        "assistant": {
            "p50_ms": 21.0,
            "p95_ms": 40.0,
            "throughput": 50.0,
            "rss_mb": 1000.0,
            "ready_s": 6.0,
        },
        "peer": {
            "p50_ms": 61.0,
            "p95_ms": 120.0,
            "throughput": 25.0,
            "rss_mb": 1000.0,
            "ready_s": 6.0,
        },
    }


def test_the_page_says_which_bar_is_met(results: dict[str, measure.Measured]) -> None:
    data = report.details(results, measure.QUICK, peer.QUICK, 100, {"rasa": "3.6.21"})
    json.dumps(data)
    page = report.page(data)
    assert "p50 is 0.34 of the peer's (bar: at most 0.5), met." in page
    assert "Throughput is 2.0 times the peer's (bar: at least 3), **not met**." in page


def test_settings_are_documented() -> None:
    text = (ROOT / "docs" / "bench.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`{name.upper()}`" in text


@pytest.mark.system
def test_a_quick_run_measures_both(tmp_path: Path) -> None:
    missing = missing_parts(Settings())
    if missing:
        pytest.fail(f"Run `make setup` first; there is no {', '.join(missing)}.")
    questions = tmp_path / "questions.jsonl"
    texts = ["what is prosecutorial discretion", "cuanto tarda mi caso", "gracias", "lol pizza"]
    questions.write_text("\n".join(json.dumps({"text": text}) for text in texts))
    out = tmp_path / "bench.json"
    command = [sys.executable, "-m", "evals.bench", "--quick", str(questions), "--out", str(out)]
    done = subprocess.run(
        [*command, "--results", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(out.read_text())
    assert set(figures) == {"assistant", "peer"}
    for side in figures.values():
        assert set(side) == FIGURES
        assert all(value > 0 for value in side.values())
    assert "Where the time goes" in (tmp_path / "bench.md").read_text()
