"""Entry files: what is wrong is said in a sentence with file, field and remedy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_content import ENTRY_IDS, Fields, entry_fields, write_entry

from knowledge_base.content import load_content, load_entry
from knowledge_base.errors import ContentError

FEE = "filing-fee"
Change = Callable[[Fields], Any]


def problems(content: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load_content(content)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def changed(content: Path, change: Change, *, language: str = "en") -> list[str]:
    """Return what is said after a change to one entry; a shared field is changed in both."""
    fields = entry_fields(FEE, language)
    change(fields)
    write_entry(content, fields)
    return problems(content)


def test_good_content_is_read_in_order(content: Path) -> None:
    entries = load_content(content)
    assert [(entry.language, entry.entry_id) for entry in entries] == [
        (language, entry_id) for language in ("en", "es") for entry_id in ENTRY_IDS
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda fields: fields.pop("answer"), ["`answer`", "required"]),
        (lambda fields: fields.update(answer="  "), ["`answer`", "at least 1"]),
        (lambda fields: fields.update(as_of="last spring"), ["`as_of`", "date"]),
        (lambda fields: fields.update(review_by="2027-02-30"), ["`review_by`", "date"]),
        (lambda fields: fields.update(colour="red"), ["`colour`", "not permitted"]),
        (lambda fields: fields.update(topic="weather"), ["`topic`", "'my-case'"]),
        (lambda fields: fields.update(revision=0), ["`revision`", "greater than or equal to 1"]),
        (lambda fields: fields.update(paraphrases=["one"]), ["`paraphrases`", "at least 15"]),
        (
            lambda fields: fields["sources"][0].pop("title"),
            ["`sources.0.title`", "required"],
        ),
        (
            lambda fields: fields["sources"][0].update(url="not a link"),
            ["`sources.0.url`", "URL"],
        ),
        (
            lambda fields: fields.update(related=["no-such-entry"]),
            ["`related`", "no-such-entry", "Remove it, or write that entry."],
        ),
        (
            lambda fields: fields["sources"][0].update(source_id="GK"),
            ["`sources`", "GK", "set `general_knowledge: true` instead"],
        ),
        (
            lambda fields: fields.update(sources=[]),
            ["`sources` is empty", "Name a source, or set `general_knowledge: true`."],
        ),
        (
            lambda fields: fields["paraphrases"].append(fields["paraphrases"][3]),
            ["`paraphrases`", "twice", "Remove one."],
        ),
        (
            lambda fields: fields["paraphrases"].append(fields["question"].upper()),
            ["`paraphrases`", "twice", "Remove one."],
        ),
        (
            lambda fields: fields.update(review_by=fields["as_of"]),
            ["`review_by`", "later than `as_of`"],
        ),
        (
            lambda fields: fields.update(answer="a word " * 600),
            ["`answer`", "4199 characters", "Shorten it."],
        ),
        (
            lambda fields: fields.update(translation="unreviewed"),
            ["`translation`", "`original` for English"],
        ),
    ],
)
def test_mistakes_in_an_entry(change: Change, said: list[str], content: Path) -> None:
    (sentence,) = [
        problem for problem in changed(content, change) if problem.startswith(f"en/{FEE}.yaml: ")
    ]
    for words in said:
        assert words in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda fields: fields.update(answer="La tarifa cambió. Formulario EOIR-26A."),
            ["`answer` lacks 1,010", "Keep every number as it is."],
        ),
        (
            lambda fields: fields.update(translation="original"),
            ["`translation: unreviewed`", "`source_revision`"],
        ),
        (lambda fields: fields.pop("source_revision"), ["`source_revision`"]),
        (
            lambda fields: fields.update(source_revision=2),
            ["`source_revision` is 2", "English is at 1"],
        ),
        (
            lambda fields: fields.update(urgent=True),
            ["`urgent` differs from the English", "Copy the English value."],
        ),
        (
            lambda fields: fields.update(related=[]),
            ["`related` differs from the English", "Copy the English value."],
        ),
    ],
)
def test_mistakes_in_a_translation(change: Change, said: list[str], content: Path) -> None:
    (sentence,) = changed(content, change, language="es")
    assert sentence.startswith(f"es/{FEE}.yaml: ")
    for words in said:
        assert words in sentence


def test_a_number_may_be_lost_where_the_english_has_moved_on(content: Path) -> None:
    english = entry_fields(FEE, "en") | {"revision": 2, "answer": "The fee is $1,045 now."}
    write_entry(content, english)
    assert len(load_content(content)) == 2 * len(ENTRY_IDS)


def test_a_translation_without_its_english(content: Path) -> None:
    fields = entry_fields(FEE, "es") | {"entry_id": "spanish-only", "paraphrases": ["x"] * 15}
    fields["paraphrases"] = [f"solo en español {number}" for number in range(15)]
    fields["question"] = "¿Solo en español?"
    write_entry(content, fields)
    assert problems(content) == [
        "es/spanish-only.yaml: there is no English entry of that name. Write the English first."
    ]


def test_the_same_wording_in_two_entries(content: Path) -> None:
    fields = entry_fields(FEE, "en")
    fields["paraphrases"].append("PERMISSION to  work")
    write_entry(content, fields)
    (sentence,) = problems(content)
    assert sentence == (
        "en: “permission to work” is a wording of filing-fee and of work-permit."
        " Keep it in the one it belongs to."
    )


def test_the_same_wording_in_two_languages_is_fine(content: Path) -> None:
    for entry_id, language in ((FEE, "en"), ("work-permit", "es")):
        fields = entry_fields(entry_id, language)
        fields["paraphrases"].append("EOIR")
        write_entry(content, fields)
    load_content(content)


def test_a_wrong_file_name(content: Path) -> None:
    (content / "en" / f"{FEE}.yaml").rename(content / "en" / "fees.yaml")
    assert problems(content)[0] == (
        "en/fees.yaml: `entry_id` and `language` say en/filing-fee."
        " Rename the file, or correct the fields."
    )


def test_a_file_in_the_wrong_folder(content: Path) -> None:
    (content / "es" / f"{FEE}.yaml").write_bytes((content / "en" / f"{FEE}.yaml").read_bytes())
    assert problems(content)[0].startswith(
        "es/filing-fee.yaml: `entry_id` and `language` say en/filing-fee."
    )


@pytest.mark.parametrize(
    "broken", [b"question: [", b"answer: it's: wrong\n  - x", b"\xff\xfe\x00", b"a: \x00"]
)
def test_what_is_not_yaml(broken: bytes, content: Path) -> None:
    (content / "en" / f"{FEE}.yaml").write_bytes(broken)
    said = problems(content)[0]
    assert said.startswith("en/filing-fee.yaml: this is not readable YAML (")
    assert "\n" not in said


@pytest.mark.parametrize("other", ["", "just words", "- a\n- list\n", "42"])
def test_what_has_no_fields(other: str, content: Path) -> None:
    (content / "en" / f"{FEE}.yaml").write_text(other)
    assert "en/filing-fee.yaml: expected fields such as `question:`; found none." in problems(
        content
    )


def test_every_problem_is_said_at_once(content: Path) -> None:
    for entry_id in ENTRY_IDS[:3]:
        fields = entry_fields(entry_id, "en")
        del fields["answer"], fields["topic"]
        write_entry(content, fields)
    said = problems(content)
    for entry_id in ENTRY_IDS[:3]:
        assert f"en/{entry_id}.yaml: `answer`: field required." in said
        assert f"en/{entry_id}.yaml: `topic`: field required." in said


def test_an_empty_folder_says_what_is_expected(tmp_path: Path) -> None:
    assert problems(tmp_path) == [
        f"{tmp_path}: no entry files. Expected {tmp_path}/en/<entry_id>.yaml."
    ]


def test_wordings_are_the_question_and_its_paraphrases(content: Path) -> None:
    entry = load_entry(content / "en" / f"{FEE}.yaml")
    assert entry.wordings == [entry.question, *entry.paraphrases]


def test_an_entry_is_past_review_the_day_after(content: Path) -> None:
    from datetime import timedelta

    entry = load_entry(content / "en" / f"{FEE}.yaml")
    assert not entry.past_review(entry.review_by)
    assert entry.past_review(entry.review_by + timedelta(days=1))
