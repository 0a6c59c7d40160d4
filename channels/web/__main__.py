"""Starts the gateway: `python -m channels.web`."""

import logging
import signal
import sys
from types import FrameType
from typing import NoReturn

import uvicorn

from channels.web.app import create_app
from channels.web.firm import FirmError
from channels.web.settings import SettingsError, read_settings
from channels.words import WordsError

# What is being answered may finish, but who stops the gateway isn't kept waiting for long.
_SHUTDOWN_SECONDS = 10
_CANNOT_START = 2


def main() -> int:
    """Serve until SIGTERM or SIGINT; return the exit code."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    for chatty in ("httpx", "httpcore", "python_multipart", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        settings = read_settings()
        app = create_app(settings)
    except (SettingsError, WordsError, FirmError) as error:
        sys.stderr.write(f"The web gateway can't start. {error}\n")
        return _CANNOT_START
    uvicorn.run(
        app,
        host=settings.web_host,
        port=settings.web_port,
        log_config=None,
        access_log=False,  # it would log addresses; RequestLog writes a line without
        server_header=False,
        proxy_headers=False,  # TRUSTED_PROXIES decides what is believed
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    return 0


def _stop(signum: int, frame: FrameType | None) -> NoReturn:
    # uvicorn stops gracefully on its own, then raises the signal again for whoever was there
    # before: us. To have been told to stop isn't a failure.
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
