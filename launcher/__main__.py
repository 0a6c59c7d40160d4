"""`python -m launcher`: starts the action server, Rasa and the web gateway."""

import argparse
import os
import signal
import sys

from launcher.output import Output
from launcher.ports import require_free
from launcher.processes import die_with_parent
from launcher.settings import SettingsError, read_settings
from launcher.system import commands, missing_parts, run

_CANNOT_START = 2


def main() -> int:
    """Run the assistant; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m launcher", description=__doc__)
    parser.add_argument(
        "--with-parent",
        action="store_true",
        help="stop, too, when the process that started this one is gone (`make run` does)",
    )
    if parser.parse_args().with_parent:
        die_with_parent(signal.SIGTERM)
    missing = missing_parts()
    if missing:
        sys.stderr.write(f"Not made yet: {', '.join(missing)}. Run `make setup`.\n")
        return _CANNOT_START
    try:
        settings = read_settings(os.environ)
        require_free(settings.ports)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return _CANNOT_START
    processes = commands(settings, os.environ)
    return run(settings, processes, Output([process.name for process in processes]))


if __name__ == "__main__":
    sys.exit(main())
