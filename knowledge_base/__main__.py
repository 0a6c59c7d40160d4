"""`python -m knowledge_base`: check the entries, build what is served, ask it."""

import json
import sys
from typing import TextIO

import click

from knowledge_base.errors import ContentError, KnowledgeBaseError
from knowledge_base.settings import get_settings


@click.group()
def main() -> None:
    """The approved entries: check them, build what is served, ask it."""


@main.command()
def check() -> None:
    """Say what is wrong with the entry files, a sentence a problem."""
    from knowledge_base.content import load_content
    from knowledge_base.signals import load_signals

    settings = get_settings()
    entries = load_content(settings.content_dir)
    load_signals(settings.content_dir, settings.nlu_dir)
    languages = sorted({entry.language for entry in entries})
    click.echo(f"{len(entries)} entries in {', '.join(languages)}: all fine.")


@main.command()
def build() -> None:
    """Publish the entries in content/: snapshot and index, only what changed."""
    from knowledge_base.build import build_from_content
    from knowledge_base.encoder import load_encoder

    settings = get_settings()
    snapshot = build_from_content(
        settings, load_encoder(settings), lambda step: click.echo(f"  {step} …", err=True)
    )
    click.echo(f"Snapshot {snapshot.snapshot_id}: {len(snapshot.entries)} entries, published.")


@main.command()
def index() -> None:
    """Build the whole index of what is published, where there is none that fits."""
    from knowledge_base.build import load_published
    from knowledge_base.encoder import load_encoder

    settings = get_settings()
    snapshot, _ = load_published(settings, load_encoder(settings))
    click.echo(f"Snapshot {snapshot.snapshot_id} has its index.")


@main.command()
@click.argument("snapshot_id")
def publish(snapshot_id: str) -> None:
    """Serve an earlier snapshot again; running assistants take it within 2 seconds."""
    from knowledge_base.build import ensure_index
    from knowledge_base.encoder import load_encoder
    from knowledge_base.snapshot import publish as publish_snapshot
    from knowledge_base.snapshot import read_snapshot

    settings = get_settings()
    snapshot = read_snapshot(settings.snapshot_dir / snapshot_id)
    ensure_index(snapshot, settings, load_encoder(settings))
    publish_snapshot(snapshot_id, settings.snapshot_dir)
    click.echo(f"Snapshot {snapshot_id} is published.")


@main.command()
@click.argument("question", nargs=-1)
@click.option("--language", help="BCP 47; detected where not given.")
@click.option(
    "--jsonl",
    "lines",
    type=click.File("r", encoding="utf-8", errors="replace"),
    is_flag=False,
    flag_value="-",
    help='Read {"id", "text", "language"?} lines (from standard input, or a file).',
)
def ask(question: tuple[str, ...], language: str | None, lines: TextIO | None) -> None:
    """Show what would be answered, and how sure that is."""
    from knowledge_base.ask import answer_line, readable
    from knowledge_base.service import KnowledgeBase

    base = KnowledgeBase.load()
    if lines is not None:
        for line in lines:
            if line.strip():
                click.echo(json.dumps(answer_line(base, line), ensure_ascii=False))
        return
    text = " ".join(question)
    if not text:
        raise KnowledgeBaseError('Write a question: python -m knowledge_base ask "your question"')
    spoken = language or base.identify(text)
    click.echo(readable(base, base.respond_or_urgent(text, spoken), spoken))


if __name__ == "__main__":
    try:
        main(standalone_mode=True)
    except ContentError as error:
        sys.exit("\n".join(error.problems))
    except KnowledgeBaseError as error:
        sys.exit(str(error))
