"""The languages that a browser asks for."""

_MAX_LANGUAGES = 20  # a header may be long; nobody reads more languages than this


def accepted_languages(header: str | None) -> tuple[str, ...]:
    """Return the tags of an Accept-Language header, best first, without those of quality 0."""
    ranked: list[tuple[float, str]] = []
    for part in (header or "").split(",")[:_MAX_LANGUAGES]:
        tag, _, parameter = part.strip().partition(";")
        quality = _quality(parameter.strip())
        if tag and tag != "*" and quality > 0:
            ranked.append((quality, tag.strip()))
    return tuple(tag for _, tag in sorted(ranked, key=lambda item: -item[0]))


def _quality(parameter: str) -> float:
    if not parameter.startswith("q="):
        return 1.0
    try:
        return min(1.0, float(parameter[2:]))
    except ValueError:
        return 0.0
