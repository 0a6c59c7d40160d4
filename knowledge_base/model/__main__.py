"""`python -m knowledge_base.model [FOLDER]`: makes the embedding model."""

import sys
from pathlib import Path

from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.model.make import make_model
from knowledge_base.settings import get_settings

if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else get_settings().embedding_model)
    try:
        make_model(folder, lambda step: print(f"  {step} …", file=sys.stderr, flush=True))
    except KnowledgeBaseError as error:
        sys.exit(str(error))
