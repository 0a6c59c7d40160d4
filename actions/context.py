"""What all actions share, made when first asked for."""

from functools import lru_cache

from knowledge_base.service import KnowledgeBase


@lru_cache(maxsize=1)
def knowledge_base() -> KnowledgeBase:
    """Return the one knowledge base of this process; loads the model and the index once."""
    return KnowledgeBase.load()
