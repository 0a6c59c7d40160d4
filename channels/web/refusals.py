"""Why a request isn't passed on: a status and a sentence for the person."""

from http import HTTPStatus


class Refused(Exception):
    """The request stops here.

    Args:
        status: HTTP status.
        key: the sentence, in the catalogues.
        retry_after: seconds until it makes sense to ask again.
        values: what the sentence's `{names}` stand for.
    """

    def __init__(
        self,
        status: HTTPStatus,
        key: str,
        *,
        retry_after: int | None = None,
        values: dict[str, object] | None = None,
    ) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.retry_after = retry_after
        self.values = values or {}

    @property
    def headers(self) -> dict[str, str]:
        """The headers that go with the status."""
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        if self.status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
        return headers


def empty_message() -> Refused:
    """Nothing readable was written."""
    return Refused(HTTPStatus.BAD_REQUEST, "web_empty")


def too_long(limit: int) -> Refused:
    """More was written than `limit` characters."""
    values: dict[str, object] = {"limit": f"{limit:,}"}
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "web_too_long", values=values)


def stale_button() -> Refused:
    """A button that we didn't give to this session, or did too long ago."""
    return Refused(HTTPStatus.FORBIDDEN, "web_stale_button")


def no_session() -> Refused:
    """The API was called without the token of a living session."""
    return Refused(HTTPStatus.UNAUTHORIZED, "web_session_unknown")


def session_ended() -> Refused:
    """The page's cookie or form is from an ended session, or from elsewhere."""
    return Refused(HTTPStatus.FORBIDDEN, "web_session_ended")


def unreadable() -> Refused:
    """The request isn't of the shape that the API describes."""
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "web_unreadable")


def too_many(seconds: int) -> Refused:
    """A rate limit is reached for another `seconds`."""
    values: dict[str, object] = {"seconds": max(2, seconds)}  # always a plural
    status = HTTPStatus.TOO_MANY_REQUESTS
    return Refused(status, "web_too_many", retry_after=max(1, seconds), values=values)


def busy() -> Refused:
    """Too many messages of this session wait already."""
    return Refused(HTTPStatus.TOO_MANY_REQUESTS, "web_busy", retry_after=5)
