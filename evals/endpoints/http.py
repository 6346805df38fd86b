"""Posts to an endpoint, and again after answers that pass."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import anyio
import httpx

from evals.endpoints.conversation import EndpointError
from evals.task import Json

ATTEMPTS, TIMEOUT_SECONDS, MAX_WAIT = 4, 300.0, 60.0
PASSING = frozenset({408, 409, 429, 500, 502, 503, 504, 529})


@dataclass(frozen=True)
class Poster:
    """Adds nothing to errors of what was sent: headers hold a key."""

    http: httpx.AsyncClient
    url: str
    headers: dict[str, str]
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep

    async def post(self, body: Json) -> Json:
        problem = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                await self.sleep(min(MAX_WAIT, 2.0**attempt))
            try:
                answer = await self.http.post(
                    self.url, json=body, headers=self.headers, timeout=TIMEOUT_SECONDS
                )
            except httpx.TransportError as cause:
                problem = type(cause).__name__
                continue
            if answer.status_code not in PASSING:
                return _read_object(answer)
            problem = f"HTTP {answer.status_code}"
        raise EndpointError(f"no answer in {ATTEMPTS} attempts: {problem}")


def _read_object(answer: httpx.Response) -> Json:
    if answer.status_code >= 400:
        raise EndpointError(f"HTTP {answer.status_code}: {answer.text[:300]}")
    try:
        content: Any = answer.json()
    except ValueError as cause:
        raise EndpointError("the answer is no JSON") from cause
    if not isinstance(content, dict):
        raise EndpointError("the answer is no JSON object")
    return content
