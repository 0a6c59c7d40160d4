"""The one channel of the Rasa server: REST for our own gateways, with no words in its logs."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.exceptions import InvalidConfigException
from sanic import Blueprint, Sanic, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import connections, graph_runner, log_privacy, readings, result_validator
from bot.event_storage import metadata_to_keep
from bot.tracker_store import PrivateTrackerStore

logger = logging.getLogger(__name__)

_MAX_SENDER = 255
_SWEEP_SECONDS = 60

result_validator.install()
log_privacy.install()
connections.install()
graph_runner.install()


class PrivateRestInput(RestInput):
    """Answers POST /webhooks/private/webhook and GET /webhooks/private/health."""

    @classmethod
    def name(cls) -> str:
        """Return the channel's part of the address."""
        return "private"

    def get_metadata(self, request: Request) -> dict[str, Any]:
        """Return the metadata that may reach the tracker."""
        return metadata_to_keep(request.json.get("metadata"))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes, and what starts and stops with the server."""
        routes = Blueprint("private_rest")

        async def receive(request: Request) -> HTTPResponse:
            return await self._receive(request, on_new_message)

        routes.add_route(receive, "/webhook", methods=["POST"])
        routes.add_route(_health, "/health", methods=["GET"])
        routes.listener("after_server_start")(_start)
        routes.listener("before_server_stop")(_stop)
        return routes

    async def _receive(
        self, request: Request, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> HTTPResponse:
        # Usually done by now; but the first message may come before `_start`.
        log_privacy.withhold()
        problem = _problem_of(request)
        if problem:
            return response.json({"error": problem}, status=400)
        agent = _agent(request.app)
        if agent is None or not agent.is_ready():
            return response.json({"error": "AgentNotReady"}, status=503)
        collector = CollectingOutputChannel()
        sender = request.json["sender"]
        message = UserMessage(
            request.json["message"],
            collector,
            sender,
            input_channel=self.name(),
            metadata=self.get_metadata(request),
        )
        try:
            if not message.text.startswith("/"):
                session = connections.shared_session()
                await readings.fetch(session, message.message_id, message.text)
            await on_new_message(message)
        except Exception as error:
            logger.error("A message was not handled: %s", log_privacy.describe(error))
            return response.json({"error": type(error).__name__}, status=500)
        store = tracker_store_of(agent)
        if isinstance(store, PrivateTrackerStore) and store.deletion_failed(sender):
            # The reply says that all is deleted, which it isn't yet.
            return response.json({"error": "DeletionFailed"}, status=500)
        return response.json(collector.messages)


def tracker_store_of(agent: Any) -> Any:
    """Return the tracker store in use, out of the wrapper that Rasa puts around it."""
    store = getattr(agent, "tracker_store", None)
    return store._tracker_store if isinstance(store, FailSafeTrackerStore) else store


async def problems_of(agent: Any) -> list[str]:
    """Return what keeps the server from working, a sentence each."""
    if agent is None or not agent.is_ready():
        return ["No trained model is loaded. Run `make train`."]
    store = tracker_store_of(agent)
    if not isinstance(store, PrivateTrackerStore):
        return [_WRONG_STORE]
    # In a thread: a database that hangs must not hold up people's messages.
    problem = await asyncio.get_running_loop().run_in_executor(None, store.healthcheck)
    return [problem] if problem else []


_WRONG_STORE = (
    "Conversations are not kept in bot.tracker_store.PrivateTrackerStore: Rasa could not load it "
    "and uses another. Check `tracker_store` in endpoints.yml."
)


async def _health(request: Request) -> HTTPResponse:
    agent = _agent(request.app)
    problems = await problems_of(agent)
    if problems:
        return response.json({"problems": problems}, status=503)
    return response.json({"status": "ok", "model_id": agent.model_id})


async def _start(app: Sanic, _loop: Any) -> None:
    store = tracker_store_of(_agent(app))
    if not isinstance(store, PrivateTrackerStore):
        raise InvalidConfigException(_WRONG_STORE)
    log_privacy.withhold()
    app.ctx.sweeper = asyncio.ensure_future(_sweep_regularly(store))
    # Rasa and its libraries are a million objects that stay: no collection need look at them again.
    gc.collect()
    gc.freeze()


async def _stop(app: Sanic, _loop: Any) -> None:
    if hasattr(app.ctx, "sweeper"):
        app.ctx.sweeper.cancel()
    await connections.close()


def _agent(app: Sanic) -> Any:
    return getattr(app.ctx, "agent", None)


def _problem_of(request: Request) -> str | None:
    try:
        body = request.json
    except InvalidUsage:
        return "The body is not JSON."
    if not isinstance(body, dict):
        return "The body is not a JSON object."
    sender, message = body.get("sender"), body.get("message")
    is_name = isinstance(sender, str) and sender.isprintable() and 0 < len(sender) <= _MAX_SENDER
    if not is_name:
        return f"`sender` must be a string of 1 to {_MAX_SENDER} printable characters."
    if not isinstance(message, str) or not message.strip():
        return "`message` must be a string that is not empty."
    return None


async def _sweep_regularly(store: PrivateTrackerStore) -> None:
    """Delete expired conversations also while nobody writes."""
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        await asyncio.get_running_loop().run_in_executor(None, store.sweep, time.time())
