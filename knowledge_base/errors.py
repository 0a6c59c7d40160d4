"""The one error family of the knowledge base: each message is a sentence for a person."""


class KnowledgeBaseError(Exception):
    """Something a person can put right; the message says what happened and what to do."""


class ContentError(KnowledgeBaseError):
    """An entry file can't be used as it is.

    Args:
        problems: one sentence a problem, each naming file, field and remedy.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class SnapshotError(KnowledgeBaseError):
    """A snapshot is missing, incomplete or changed since it was written."""


class IndexMismatch(KnowledgeBaseError):
    """An index was built by another model, or by another version of this code."""


class ModelError(KnowledgeBaseError):
    """The embedding model is missing, or does not give the vectors it should."""
