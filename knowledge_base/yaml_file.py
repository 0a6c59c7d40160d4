"""Reads YAML with libyaml's safe loader where it is there: ten times faster on thousands of lines."""

from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(file: Path) -> Any:
    """Return the content of `file`.

    Raises:
        OSError: it can't be read.
        yaml.YAMLError: it is not YAML.
        UnicodeDecodeError: it is not UTF-8.
    """
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506  # a safe loader
