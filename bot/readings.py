"""What the encoder read in messages, from the channel that asked for it to the NLU that needs it.

Rasa runs its NLU inside the event loop: a component that waits for the encoder there makes every
other conversation wait too. The channel asks without blocking and leaves the reading here.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from typing import Any, Dict, Optional

import aiohttp

_MAX_KEPT = 512
_TIMEOUT = aiohttp.ClientTimeout(total=5)

Reading = Dict[str, Any]

_kept: OrderedDict[str, Optional[Reading]] = OrderedDict()


async def fetch(session: aiohttp.ClientSession, message_id: str, text: str) -> None:
    """Ask for the reading of a message and keep it, or keep that there is none."""
    url = os.environ.get("ACTIONS_URL", "http://127.0.0.1:5055").rstrip("/")
    reading: Optional[Reading] = None
    try:
        async with session.post(f"{url}/read", json={"texts": [text]}, timeout=_TIMEOUT) as reply:
            if reply.status == 200:
                reading = (await reply.json())["messages"][0]
    except (aiohttp.ClientError, TimeoutError, OSError, KeyError, IndexError, ValueError):
        reading = None
    _kept[message_id] = reading
    while len(_kept) > _MAX_KEPT:
        _kept.popitem(last=False)


def take(message_id: Optional[str]) -> tuple[bool, Optional[Reading]]:
    """Return whether the message was asked for, and its reading (None where that failed)."""
    if message_id is None or message_id not in _kept:
        return False, None
    return True, _kept.pop(message_id)
