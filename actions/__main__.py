"""`python -m actions`: the action server, with the encoder in it."""

import logging
import os
import sys

from actions.context import knowledge_base
from actions.server import create_app
from knowledge_base.errors import KnowledgeBaseError

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        knowledge_base()
    except KnowledgeBaseError as error:
        sys.exit(str(error))
    create_app().run(
        host="127.0.0.1",
        port=int(os.environ.get("ACTIONS_PORT", "5055")),
        single_process=True,
        motd=False,
        access_log=False,
    )
