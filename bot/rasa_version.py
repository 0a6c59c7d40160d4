"""Which Rasa the parts of ours that reach into it were written for."""

from __future__ import annotations

import rasa

VERSION = "3.6.21"


def require(module: str, read: str) -> None:
    """Refuse another Rasa than the one that `module` was written for.

    Args:
        module: its file, from the project's root.
        read: what of Rasa's own code to compare it with.

    Raises:
        RuntimeError: another version is installed.
    """
    if rasa.__version__ != VERSION:
        raise RuntimeError(
            f"{module} was written for rasa {VERSION}, and {rasa.__version__} is installed. "
            f"Read {read} there, then change both."
        )
