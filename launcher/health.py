"""Asks a process whether it is ready."""

import json
import urllib.error
import urllib.request
from http import HTTPStatus

_SECONDS = 5.0

# No proxy of the environment has a business between two processes of one machine.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def problems_at(url: str) -> list[str]:
    """Return what keeps the process behind `url` from being ready; empty: it is.

    Args:
        url: the address of a /health page of ours, which lists `problems` in JSON.
    """
    try:
        with _OPENER.open(url, timeout=_SECONDS) as answer:
            return [] if answer.status == HTTPStatus.OK else [f"{url}: HTTP {answer.status}"]
    except urllib.error.HTTPError as error:
        with error:
            return _listed(error.read()) or [f"{url}: HTTP {error.code}"]
    except OSError:
        return [f"Nothing answers yet at {url}"]


def _listed(body: bytes) -> list[str]:
    try:
        problems = json.loads(body)["problems"]
    except (ValueError, KeyError, TypeError):
        return []
    return [str(problem) for problem in problems] if isinstance(problems, list) else []
