"""The action server over the small knowledge base: `serve_small.py FOLDER PORT`.

With BREAK set, looking a question up raises an error that quotes the message.
"""

import logging
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from small_base import small_base

from actions.server import create_app
from knowledge_base.service import KnowledgeBase

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    base = small_base(Path(sys.argv[1]))
    KnowledgeBase.load = classmethod(lambda cls, settings=None: base)  # type: ignore[method-assign]
    if "BREAK" in os.environ:

        def respond(text: str, *args: object, **kwargs: object) -> None:
            raise ValueError(f"no idea what {text} means")

        base.respond = respond  # type: ignore[method-assign]
    create_app().run(
        host="127.0.0.1", port=int(sys.argv[2]), single_process=True, motd=False, access_log=False
    )
