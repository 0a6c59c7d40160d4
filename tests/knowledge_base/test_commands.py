"""`python -m knowledge_base`: check, build, publish, ask."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from built import Built, settings_in
from click.testing import CliRunner, Result
from small_content import ENTRY_IDS, entry_fields, write_content, write_entry

from knowledge_base import encoder
from knowledge_base.__main__ import main
from knowledge_base.errors import KnowledgeBaseError, SnapshotError
from knowledge_base.service import KnowledgeBase
from knowledge_base.snapshot import current_snapshot_id

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def run(
    built: Built,
    environment: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Result]:
    """Run a command in this process, on the small content, with the fake encoder."""
    environment(built.folder)
    monkeypatch.setattr(encoder, "load_encoder", lambda settings: built.encoder)
    monkeypatch.setattr("knowledge_base.service.load_encoder", lambda settings: built.encoder)

    def run_command(*arguments: str, **options: object) -> Result:
        return CliRunner().invoke(main, arguments, **options)

    return run_command


def command(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, with everything under `folder`."""
    folders = {
        name.upper(): str(value)
        for name, value in settings_in(folder).model_dump().items()
        if name.endswith("_dir")
    }
    return subprocess.run(
        [sys.executable, "-m", "knowledge_base", *arguments],
        cwd=ROOT,
        env={**os.environ, **folders, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_check_counts_what_is_fine(run: Callable[..., Result]) -> None:
    result = run("check")
    assert result.output == f"{2 * len(ENTRY_IDS)} entries in en, es: all fine.\n"
    assert result.exit_code == 0


def test_check_of_the_shipped_content() -> None:
    result = CliRunner().invoke(main, ["check"])
    assert result.output == "120 entries in en, es: all fine.\n"


def test_check_says_what_is_wrong_a_line_a_problem(content: Path) -> None:
    write_entry(content, entry_fields("filing-fee", "en") | {"as_of": "spring"})
    (content / "es" / "interpreter.yaml").write_text("question: [")
    done = command(content.parent, "check")
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert any(line.startswith("en/filing-fee.yaml: `as_of`: ") for line in lines)
    assert any(line.startswith("es/interpreter.yaml: this is not readable") for line in lines)
    assert "Traceback" not in done.stderr


def test_build_publishes_and_says_so(run: Callable[..., Result], built: Built) -> None:
    write_entry(built.content, entry_fields("interpreter", "en") | {"answer": "It is free: 0."})
    result = run("build")
    assert result.exit_code == 0
    snapshot_id = current_snapshot_id(built.settings.snapshot_dir)
    assert f"Snapshot {snapshot_id}: 12 entries, published." in result.stdout
    assert "reading the entries" in result.stderr


def test_publish_serves_an_earlier_one(run: Callable[..., Result], built: Built) -> None:
    first = current_snapshot_id(built.settings.snapshot_dir)
    assert first is not None
    write_entry(built.content, entry_fields("interpreter", "en") | {"answer": "It is free: 0."})
    run("build")
    assert current_snapshot_id(built.settings.snapshot_dir) != first
    result = run("publish", first)
    assert result.output == f"Snapshot {first} is published.\n"
    assert current_snapshot_id(built.settings.snapshot_dir) == first


def test_publish_refuses_an_unknown_one(run: Callable[..., Result], built: Built) -> None:
    first = current_snapshot_id(built.settings.snapshot_dir)
    result = run("publish", "0123")
    assert isinstance(result.exception, SnapshotError)
    assert current_snapshot_id(built.settings.snapshot_dir) == first


def test_ask_for_people(run: Callable[..., Result]) -> None:
    result = run("ask", "permission", "to", "work")
    assert result.exit_code == 0
    assert result.output.startswith("ANSWER   [en, ")
    assert "Ranked:" in result.output
    assert run("ask", "--language", "es", "permiso para trabajar").output.startswith("ANSWER   [es")


def test_ask_without_a_question_says_how(run: Callable[..., Result]) -> None:
    result = run("ask")
    assert isinstance(result.exception, KnowledgeBaseError)
    assert str(result.exception) == (
        'Write a question: python -m knowledge_base ask "your question"'
    )


def test_ask_for_programs(run: Callable[..., Result]) -> None:
    asked = [
        {"id": "1", "text": "permission to work", "language": "en"},
        {"id": "2", "text": "permiso para trabajar"},
        {"id": "3", "text": "who won the match last night"},
        {"id": "4", "text": "\ud800 \x00 " + "a" * 20_000},
    ]
    lines = "\n".join(json.dumps(line) for line in asked)
    result = run("ask", "--jsonl", input=f"{lines}\n\n")
    assert result.exit_code == 0
    replies = [json.loads(line) for line in result.output.splitlines()]
    assert [reply["id"] for reply in replies] == ["1", "2", "3", "4"]
    assert [reply["kind"] for reply in replies[:3]] == ["answer", "answer", "abstain"]


def test_ask_reads_a_file(run: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"id": "1", "text": "permiso para trabajar"}\n', encoding="utf-8")
    result = run("ask", "--jsonl", str(file))
    assert json.loads(result.output)["entry_id"] == "work-permit"


def test_ask_of_no_lines_is_no_error(run: Callable[..., Result]) -> None:
    result = run("ask", "--jsonl", input="")
    assert (result.exit_code, result.output) == (0, "")


def test_a_bad_line_is_shown_after_the_good_ones(run: Callable[..., Result]) -> None:
    good = json.dumps({"id": "1", "text": "permission to work"})
    result = run("ask", "--jsonl", input=f"{good}\nnot json\n{good}\n")
    assert json.loads(result.output.splitlines()[0])["id"] == "1"
    assert isinstance(result.exception, KnowledgeBaseError)
    assert str(result.exception).endswith("JSON: not json")


def test_bytes_that_are_not_utf_8_are_no_crash(run: Callable[..., Result]) -> None:
    result = run("ask", "--jsonl", input=b'{"id": "1", "text": "permiso \xff trabajar"}\n')
    assert json.loads(result.output)["id"] == "1"


def test_a_missing_model_is_one_sentence(built: Built) -> None:
    done = command(built.folder, "ask", "hello", EMBEDDING_MODEL="/no/such/model")
    assert done.returncode == 1
    assert done.stderr == (
        "There is no model in /no/such/model. Run `make setup`, or correct EMBEDDING_MODEL.\n"
    )


@pytest.mark.model
def test_the_commands_with_the_model(model_folder: Path, tmp_path: Path) -> None:
    write_content(tmp_path)
    asked = command(tmp_path, "ask", "hello")
    assert (asked.returncode, asked.stdout) == (1, "")
    assert "Nothing is published yet. Run `python -m knowledge_base build`." in asked.stderr

    built = command(tmp_path, "build")
    assert built.returncode == 0, built.stderr
    assert "12 entries, published." in built.stdout

    asked = command(tmp_path, "ask", "can i get a permission to work")
    assert asked.returncode == 0, asked.stderr
    assert "work-permit" in asked.stdout.split("Ranked:\n")[1].splitlines()[0]


@pytest.mark.model
def test_loading_names_what_it_serves(
    model_folder: Path, tmp_path: Path, environment: Callable[[Path], None]
) -> None:
    write_content(tmp_path)
    environment(tmp_path)
    with pytest.raises(KnowledgeBaseError, match="Nothing is published yet"):
        KnowledgeBase.load()
