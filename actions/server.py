"""The one process with the model in it: runs actions for Rasa, reads messages for its NLU.

rasa-sdk's own server puts the whole request, with what people wrote, into its error replies and
logs; this one runs the same executor and says only what kind of error it was.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import numpy as np
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Request, Sanic
from sanic.exceptions import BadRequest, SanicException
from sanic.response import HTTPResponse, json

from actions.context import knowledge_base
from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.geometry import FloatArray
from knowledge_base.service import KnowledgeBase
from knowledge_base.settings import ROOT

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# How often a new publication is looked for: a quarter of the two seconds that staff are promised.
_REFRESH_SECONDS = 0.5
_RETRY_SECONDS = 60
_KEEPER = "keep_current"
_MAX_TEXTS = 512
_WRONG_TEXTS = f'Send {{"texts": […]}} with up to {_MAX_TEXTS} strings.'


def create_app() -> Sanic:
    """Return the application; the model is loaded before it serves."""
    app = Sanic("actions", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 32 * 1024 * 1024
    executor = ActionExecutor()
    executor.register_package("actions")
    # The encoder has one thread: a second would only fight it for the core.
    threads = ThreadPoolExecutor(max_workers=1)

    @app.after_server_start
    async def watch(app: Sanic) -> None:
        app.add_task(_keep_current(), name=_KEEPER)

    @app.before_server_stop
    async def stop_watching(app: Sanic) -> None:
        await app.cancel_task(_KEEPER, raise_exception=False)

    app.add_route(partial(_run_action, executor=executor), "/webhook", {"POST"}, name="webhook")
    app.add_route(partial(_read, threads=threads), "/read", {"POST"}, name="read")
    app.add_route(partial(_embed, threads=threads), "/embed", {"POST"}, name="embed")
    app.add_route(_health, "/health", {"GET"})
    app.error_handler.add(Exception, _on_error)
    return app


async def _run_action(request: Request, executor: ActionExecutor) -> HTTPResponse:
    try:
        # Rasa sends the domain only to actions that the domain says need it (`send_domain`).
        result = await executor.run({"domain": {}, **request.json})
    except ActionExecutionRejection as error:
        return json({"error": error.message, "action_name": error.action_name}, status=400)
    except ActionNotFoundException as error:
        return json({"error": str(error), "action_name": error.action_name}, status=404)
    return json(result.model_dump() if result else None)


async def _read(request: Request, threads: ThreadPoolExecutor) -> HTTPResponse:
    """Read messages as Rasa's NLU asks for it: one, or a few."""
    readings = await _in_thread(threads, knowledge_base().read, _texts(request))
    return json(
        {
            "messages": [
                {
                    "embedding": _rounded(reading.embedding),
                    "language": reading.language,
                    "language_confidence": round(reading.language_confidence, 4),
                    "urgent_kind": reading.urgent_kind,
                    "urgent_score": round(reading.urgent_score, 4),
                    "redacted_text": reading.redacted_text,
                }
                for reading in readings
            ]
        }
    )


async def _embed(request: Request, threads: ThreadPoolExecutor) -> HTTPResponse:
    """Encode training examples, in batches."""
    embeddings = await _in_thread(threads, knowledge_base().embed, _texts(request))
    return json({"embeddings": [_rounded(embedding) for embedding in embeddings]})


async def _health(request: Request) -> HTTPResponse:
    base = knowledge_base()
    return json(
        {
            # A refused publication is for staff to put right; people are still answered.
            "status": "ok",
            "problems": [base.problem] if base.problem else [],
            "model_id": base.model_id,
            "snapshot_id": base.snapshot.snapshot_id,
        }
    )


async def _on_error(request: Request, error: Exception) -> HTTPResponse:
    if isinstance(error, SanicException) and error.status_code < 500:
        return json({"error": str(error)}, status=error.status_code)
    logger.error("%s failed: %s", request.path, type(error).__name__, exc_info=_trace(error))
    return json({"error": type(error).__name__}, status=500)


def _texts(request: Request) -> list[str]:
    body = request.json
    texts = body.get("texts") if isinstance(body, dict) else None
    if not isinstance(texts, list) or len(texts) > _MAX_TEXTS:
        raise BadRequest(_WRONG_TEXTS)
    return [str(text) for text in texts]


async def _in_thread(
    threads: ThreadPoolExecutor, work: Callable[[list[str]], Result], texts: list[str]
) -> Result:
    return await asyncio.get_running_loop().run_in_executor(threads, work, texts)


async def _keep_current() -> None:
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(_REFRESH_SECONDS)
        base = knowledge_base()
        await loop.run_in_executor(None, base.refresh)
        if base.needs_build:
            await _build_index(base)


async def _build_index(base: KnowledgeBase) -> None:
    """Build the whole index in a process of its own, so that people's answers stay quick."""
    command = (sys.executable, "-m", "knowledge_base", "index")
    builder = await asyncio.create_subprocess_exec(*command, cwd=ROOT, preexec_fn=_be_nice)
    while builder.returncode is None:
        # A newer publication meanwhile is served at once too, and built for after this one.
        await asyncio.wait([asyncio.ensure_future(builder.wait())], timeout=_REFRESH_SECONDS)
        await asyncio.get_running_loop().run_in_executor(None, base.refresh)
    try:
        await asyncio.get_running_loop().run_in_executor(None, base.take_built)
    except (KnowledgeBaseError, OSError, ValueError, RuntimeError) as error:
        logger.error(
            "The index was not built (exit code %s): %s", builder.returncode, type(error).__name__
        )
        await asyncio.sleep(_RETRY_SECONDS)


def _be_nice() -> None:
    os.nice(10)


def _rounded(embedding: FloatArray) -> list[float]:
    rounded: list[float] = np.round(embedding.astype(float), 5).tolist()
    return rounded


def _trace(error: Exception) -> Any:
    """Return the error's place without its message, which may quote what a person wrote."""
    return (RuntimeError, RuntimeError(type(error).__name__), error.__traceback__)
