"""The two sides: which processes they are, with which files and variables."""

from pathlib import Path

from evals.bench.processes import Command, Side, free_port
from evals.bench.settings import ROOT, BenchError, Settings

_COMMON = {
    "PYTHONWARNINGS": "ignore",
    "PYTHONUNBUFFERED": "1",
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
# /model/parse and the trackers are asked for to see where the time goes.
_API = ["--enable-api"]
_MODEL = ROOT / "var" / "rasa" / "assistant.tar.gz"


def missing_parts(settings: Settings) -> list[str]:
    """Return what `make setup` has to make first."""
    wanted = [
        settings.python_main,
        settings.rasa_bin,
        _MODEL,
        ROOT / "var" / "snapshots" / "current",
        ROOT / "var" / "locales",
    ]
    return [str(path) for path in wanted if not path.exists()]


def assistant(settings: Settings, folder: Path) -> Side:
    """Return this assistant: the action server and Rasa, as `make run` starts them.

    Args:
        settings: names the interpreters.
        folder: where its conversations are kept.
    """
    rasa_port, actions_port = free_port(), free_port()
    actions_url = f"http://127.0.0.1:{actions_port}"
    environment = {
        **_COMMON,
        "PYTHONPATH": str(ROOT),
        "ACTIONS_PORT": str(actions_port),
        "ACTIONS_URL": actions_url,
        "TRACKER_URL": f"sqlite:///{folder / 'assistant.db'}",
    }
    files = ["--credentials", "credentials.yml", "--endpoints", "endpoints.yml"]
    return Side(
        name="assistant",
        commands=[
            Command("actions", [str(settings.python_main), "-m", "actions"], ROOT, environment),
            Command("rasa", [*_rasa(settings, _MODEL, rasa_port), *files], ROOT, environment),
        ],
        url=f"http://127.0.0.1:{rasa_port}",
        webhook="/webhooks/private/webhook",
        actions_url=actions_url,
    )


def peer(settings: Settings, model: Path) -> Side:
    """Return the stock peer.

    Args:
        settings: names the `rasa` command.
        model: trained, in the `models` folder of its project.
    """
    port = free_port()
    project = model.parent.parent
    return Side(
        name="peer",
        commands=[Command("peer", _rasa(settings, model, port), project, _COMMON)],
        url=f"http://127.0.0.1:{port}",
        webhook="/webhooks/rest/webhook",
    )


def require_parts(settings: Settings) -> None:
    """Refuse to begin before the assistant has been set up.

    Raises:
        BenchError: something is missing.
    """
    missing = missing_parts(settings)
    if missing:
        raise BenchError(f"There is no {', '.join(missing)}. Run `make setup` first.")


def _rasa(settings: Settings, model: Path, port: int) -> list[str]:
    address = ["-i", "127.0.0.1", "-p", str(port)]
    return [str(settings.rasa_bin), "run", "-m", str(model), *address, *_API]
