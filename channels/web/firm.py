"""The firm's name and phone, out of content/firm.yaml, the only place that states them."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

_US_DIGITS = 10


class FirmError(Exception):
    """content/firm.yaml can't be used; the message says why."""


@dataclass(frozen=True)
class Firm:
    """What the page says of the firm.

    Args:
        name: as the firm writes it.
        phone: as the firm writes it; its digits are never changed.
    """

    name: str
    phone: str


def read_firm(content_dir: Path) -> Firm:
    """Return the firm of `content_dir`/firm.yaml.

    Raises:
        FirmError: if the file can't be read or lacks a field.
    """
    path = content_dir / "firm.yaml"
    try:
        fields = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Firm(name=str(fields["name"]), phone=str(fields["phone"]))
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise FirmError(
            f"{path} must have `name` and `phone` of the firm: {type(error).__name__}."
        ) from None


def telephone_link(phone: str) -> str:
    """Return the `tel:` address of a phone number of the United States, or of a short one."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) == _US_DIGITS:
        return f"tel:+1{digits}"
    if len(digits) == _US_DIGITS + 1 and digits.startswith("1"):
        return f"tel:+{digits}"
    return f"tel:{digits}"
