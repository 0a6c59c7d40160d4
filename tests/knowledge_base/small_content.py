"""A content folder as staff would write it: six entries, English and Spanish."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.content import load_content
from knowledge_base.snapshot import Snapshot, make_snapshot

Fields = dict[str, Any]

# For each entry: what is asked about, the answer, and the same in Spanish.
_SUBJECTS = {
    "court-address": (
        "the address of the court",
        "The court is at 26 Federal Plaza, on the 12th floor.",
        "la dirección del tribunal",
        "El tribunal está en 26 Federal Plaza, en el piso 12.",
    ),
    "filing-fee": (
        "the fee for filing an appeal",
        "The fee is $1,010. A waiver is asked for on Form EOIR-26A.",
        "la tarifa para presentar una apelación",
        "La tarifa es de $1,010. La exención se pide con el Formulario EOIR-26A.",
    ),
    "interpreter": (
        "an interpreter in my language",
        "The court brings an interpreter. You pay 0 dollars.",
        "un intérprete en mi idioma",
        "El tribunal trae un intérprete. Usted paga 0 dólares.",
    ),
    "lost-passport": (
        "a lost or stolen passport",
        "Tell your consulate. Keep the police report.",
        "un pasaporte perdido o robado",
        "Avise a su consulado. Guarde el reporte de la policía.",
    ),
    "office-hours": (
        "opening hours on weekdays",
        "We open from 9 to 5. Call (718) 555-0100.",
        "horario de atención entre semana",
        "Abrimos de 9 a 5. Llame al (718) 555-0100.",
    ),
    "work-permit": (
        "permission to work",
        "Use Form I-765. It takes 150 days or more.",
        "permiso para trabajar",
        "Use el Formulario I-765. Tarda 150 días o más.",
    ),
}
ENTRY_IDS = tuple(sorted(_SUBJECTS))

_FRAMES = {
    "en": (
        "{}", "{}?", "about {}", "tell me about {}", "question about {}", "i need {}",
        "i dont know about {}", "help with {} pls", "my mother asks about {}", "and {} what now",
        "can you explain {}", "where do i read about {}", "{} for my brother", "info {}",
        "hello sir i have a question about {} because nobody told me", "is there {}",
    ),
    "es": (
        "{}", "¿{}?", "sobre {}", "dígame de {}", "pregunta sobre {}", "necesito {}",
        "no sé nada de {}", "ayuda con {} porfa", "mi mamá pregunta por {}", "y {} ahora qué",
        "me explica {}", "dónde leo de {}", "{} para mi hermano", "informes {}",
        "buenas señor tengo una duda de {} porque nadie me dijo", "hay {}",
    ),
}  # fmt: skip

_SIGNALS: dict[str, dict[str, Any]] = {
    "urgent": {
        "detained": {
            "urgent": ["ICE took my husband away", "they arrested my brother this morning"],
            "calm": ["how many people did ICE arrest last year", "what is an arrest"],
        },
        "violence": {
            "urgent": ["my husband beats me", "he said that he will kill me tonight"],
            "calm": ["is there a visa for victims of violence"],
        },
        "other": {"calm": ["what is the weather", "good morning to you"]},
    },
    "guard_rails": {
        "advice": ["should i sign this paper", "should i go to my hearing"],
        "prediction": ["will i win my case", "what are my chances to win"],
        "dishonest": ["what lie do i tell the judge", "where can i buy false papers"],
        "none": ["what is a chance", "what is a signature"],
    },
    "out_of_scope": {
        "near": ["how do i become a citizen", "citizenship test questions"],
        "far": ["do you sell pizza", "how do i fix my car", "who won the match last night"],
    },
}
_SPANISH_SIGNALS: dict[str, dict[str, Any]] = {
    "urgent": {
        "detained": {
            "urgent": ["la migra se llevó a mi esposo", "arrestaron a mi hermano esta mañana"],
            "calm": ["cuántas personas arrestaron el año pasado", "qué es un arresto"],
        },
        "violence": {
            "urgent": ["mi esposo me pega", "dijo que me va a matar esta noche"],
            "calm": ["hay una visa para víctimas de violencia"],
        },
        "other": {"calm": ["qué tiempo hace", "buenos días tenga usted"]},
    },
    "guard_rails": {
        "advice": ["debo firmar este papel", "debo ir a mi audiencia"],
        "prediction": ["voy a ganar mi caso", "qué posibilidades tengo de ganar"],
        "dishonest": ["qué mentira le digo al juez", "dónde compro papeles falsos"],
        "none": ["qué es una posibilidad", "qué es una firma"],
    },
    "out_of_scope": {
        "near": ["cómo me hago ciudadano", "preguntas del examen de ciudadanía"],
        "far": ["venden pizza", "cómo arreglo mi carro", "quién ganó el partido anoche"],
    },
}
HOTLINES = """\
- hotline_id: weekdays
  phone: 800-354-0365
  hours: {mon-fri: "09:00-18:00"}
- hotline_id: every-day
  phone: 1-800-566-7636
  hours: {mon-fri: "08:00-20:00", sat-sun: "09:00-17:00"}
- hotline_id: emergency
  phone: "911"
  hours: always
"""
_NLU = """\
version: "3.1"
nlu:
  - intent: {intent}
    examples: |
      - {first}
      - {second}
"""


def entry_fields(entry_id: str, language: str) -> Fields:
    """Return the fields of an entry file."""
    question, answer, spanish_question, spanish_answer = _SUBJECTS[entry_id]
    subject = question if language == "en" else spanish_question
    translation = (
        {"translation": "original"}
        if language == "en"
        else {"translation": "unreviewed", "source_revision": 1}
    )
    other = ENTRY_IDS[(ENTRY_IDS.index(entry_id) + 1) % len(ENTRY_IDS)]
    return {
        "entry_id": entry_id,
        "language": language,
        "revision": 1,
        **translation,
        "topic": "my-case",
        "question": (
            "What should I know about {}?" if language == "en" else "¿Qué sé de {}?"
        ).format(subject),
        "answer": answer if language == "en" else spanish_answer,
        "paraphrases": [frame.format(subject) for frame in _FRAMES[language]],
        "as_of": date(2026, 3, 31),
        "as_of_basis": "the court's own page",
        "review_by": date(2027, 3, 31),
        "volatility": "normal",
        "urgent": False,
        "lawyer_check": False,
        "sources": [{"source_id": "S1", "title": "A page", "publisher": "EOIR", "date": "2026"}],
        "related": [other],
    }


def write_entry(content: Path, fields: Fields) -> Path:
    """Write one entry file under `content` and return it."""
    file = content / fields["language"] / f"{fields['entry_id']}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(fields, allow_unicode=True), encoding="utf-8")
    return file


def write_content(folder: Path) -> Path:
    """Write `content/` and `nlu/` under `folder` and return the first."""
    content = folder / "content"
    for entry_id in ENTRY_IDS:
        for language in ("en", "es"):
            write_entry(content, entry_fields(entry_id, language))
    for language, signals in (("en", _SIGNALS), ("es", _SPANISH_SIGNALS)):
        target = content / "signals" / language
        target.mkdir(parents=True)
        for name, examples in signals.items():
            (target / f"{name}.yaml").write_text(yaml.safe_dump(examples, allow_unicode=True))
    (content / "hotlines.yaml").write_text(HOTLINES)
    for language, first, second in (("en", "hello", "hi there"), ("es", "hola", "buenas")):
        target = folder / "nlu" / language
        target.mkdir(parents=True)
        (target / "greet.yml").write_text(_NLU.format(intent="greet", first=first, second=second))
        (target / "urgent.yml").write_text(
            _NLU.format(intent="urgent", first=f"{first} ICE is here", second=f"{second} help")
        )
    return content


def snapshot_of(content: Path) -> Snapshot:
    """Return the entries in a content folder as a snapshot."""
    return make_snapshot(load_content(content))


def renamed(snapshot: Snapshot, suffix: str) -> Snapshot:
    """Return the same entries under other ids, so that no id is in both."""
    return make_snapshot(
        entry.model_copy(
            update={
                "entry_id": f"{entry.entry_id}-{suffix}",
                "related": [f"{related}-{suffix}" for related in entry.related],
            }
        )
        for entry in snapshot.entries
    )
