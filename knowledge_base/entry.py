"""One approved question and answer in one language, and where it comes from."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z][a-z]{3})?$")]

MIN_PARAPHRASES = 15

Topic = Literal["prosecutorial-discretion", "history", "backlog", "my-case", "safety", "firm"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """A public document that supports an answer."""

    source_id: Text
    title: Text
    publisher: Text
    date: Text  # as the document gives it: "2021-06-14", "2026 (spring)", "undated"
    url: HttpUrl | None = None
    opened: bool = Field(
        default=True, description="False where it is only cited by another source."
    )


class FAQEntry(_Strict):
    """An entry in one language.

    `sources` is empty where the answer rests on general knowledge alone: readers are then told
    that it is general information, to be checked with a lawyer. General knowledge is never
    shown as a source; `general_knowledge` records for staff that a part of the answer rests on it.
    """

    entry_id: Slug
    language: Language
    revision: Annotated[int, Field(ge=1)]
    source_revision: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="The revision of the English that this translates."
    )
    translation: Literal["original", "unreviewed", "reviewed"]
    topic: Topic
    question: Text
    answer: Text
    simple_answer: Text | None = Field(
        default=None, description="The same in fewer, easier words, for “say it more simply”."
    )
    paraphrases: Annotated[list[Text], Field(min_length=MIN_PARAPHRASES)]
    as_of: date
    as_of_basis: Text
    review_by: date
    volatility: Literal["normal", "high"]
    urgent: bool
    lawyer_check: bool
    general_knowledge: bool = False
    sources: list[Source]
    related: list[Slug]

    def past_review(self, today: date) -> bool:
        """Return whether the entry was due for review before `today`."""
        return today > self.review_by

    @property
    def wordings(self) -> list[str]:
        """The question and its paraphrases: all that a query is compared with."""
        return [self.question, *self.paraphrases]
