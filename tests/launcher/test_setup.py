"""The set-up's own logic: what counts as made, by content, and what an interrupt leaves."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import fingerprints
import interpreters
import progress
import setup as set_up
from steps import Step, all_steps


def _step(folder: Path, fail: type[BaseException] | None = None) -> Step:
    """Return a step that copies `source` to `made`."""

    def make() -> None:
        if fail:
            (folder / "made").write_text("half")
            raise fail
        (folder / "made").write_text((folder / "source").read_text())

    return Step(
        "copy",
        "Copying",
        folder / "stamps" / "copy",
        lambda: fingerprints.of([folder / "source"], folder),
        lambda: [folder / "made"],
        make,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "source").write_text("one")
    assert set_up._make([_step(tmp_path)], forced=[]) == 1
    return tmp_path


def test_makes_nothing_twice(folder: Path) -> None:
    assert set_up._make([_step(folder)], forced=[]) == 0


def test_a_new_date_changes_nothing(folder: Path) -> None:
    os.utime(folder / "source", (1, 1))
    assert set_up._make([_step(folder)], forced=[]) == 0


def test_new_content_is_made(folder: Path) -> None:
    (folder / "source").write_text("two")
    assert set_up._make([_step(folder)], forced=[]) == 1
    assert (folder / "made").read_text() == "two"


def test_what_was_removed_is_made_again(folder: Path) -> None:
    (folder / "made").unlink()
    assert set_up._make([_step(folder)], forced=[]) == 1


def test_can_be_told_to_make(folder: Path) -> None:
    assert set_up._make([_step(folder)], forced=["copy"]) == 1


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, progress.SetupError])
def test_half_made_is_not_made(folder: Path, interrupt: type[BaseException]) -> None:
    (folder / "source").write_text("two")
    with pytest.raises(interrupt):
        set_up._make([_step(folder, interrupt)], forced=[])
    # Also when the source is back to what the half-made thing was not made from.
    (folder / "source").write_text("one")
    assert set_up._make([_step(folder)], forced=[]) == 1
    assert (folder / "made").read_text() == "one"


def test_a_fingerprint_knows_names_content_and_what_is_not_there(tmp_path: Path) -> None:
    def now() -> str:
        return fingerprints.of([tmp_path / "a", tmp_path / "folder"], tmp_path)

    seen = [now()]
    (tmp_path / "a").write_text("1")
    seen.append(now())
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    (tmp_path / "folder" / "deep" / "b").write_text("1")
    seen.append(now())
    (tmp_path / "folder" / "deep" / "b").rename(tmp_path / "folder" / "deep" / "c")
    seen.append(now())
    assert len(set(seen)) == len(seen)
    (tmp_path / "folder" / "__pycache__").mkdir()
    (tmp_path / "folder" / "__pycache__" / "b.pyc").write_text("1")
    assert now() == seen[-1]


def test_every_package_is_pinned_and_none_from_an_address() -> None:
    for lock in ("main.lock", "rasa.lock"):
        lines = fingerprints.pins(ROOT / "requirements" / lock).splitlines()
        assert len(lines) > 100
        assert all(line.count("==") == 1 and "/" not in line for line in lines)


def test_pins_of_a_few(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("# words\na==1\nb==2\nab==3\n")
    assert fingerprints.pins(tmp_path / "lock", "a", "b") == "a==1\nb==2"


def test_finds_the_running_version() -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert interpreters._probe(interpreters.find(version), version)


def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    with pytest.raises(progress.SetupError, match=r"Python 3\.10 was not found\. Install it with"):
        interpreters.find("3.10")


def test_a_failing_command_shows_its_last_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-c", "print('why'); raise SystemExit(3)"]
    with pytest.raises(progress.SetupError, match="failed with exit code 3"):
        progress.run(command, tmp_path)
    assert "    why\n" in capsys.readouterr().out


def test_a_model_that_is_named_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [step.name for step in all_steps()]
    assert names == ["main", "rasa-env", "model", "words", "index", "rasa"]
    index = all_steps()[4].fingerprint()
    monkeypatch.setenv("EMBEDDING_MODEL", "/models/another")
    assert [step.name for step in all_steps()] == [n for n in names if n != "model"]
    assert all_steps()[3].fingerprint() != index
