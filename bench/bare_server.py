"""The server one would write without this project: one tool that passes Conekta's JSON on."""

import os
from functools import cache
from typing import Any

import httpx
from mcp.server import MCPServer

server = MCPServer("bare", log_level="WARNING")


@cache
def get_client() -> httpx.AsyncClient:
    """Return the client, made once: connections are kept, as ours are."""
    headers = {"Authorization": f"Bearer {os.environ['CONEKTA_API_KEY']}"}
    return httpx.AsyncClient(base_url=os.environ["UPSTREAM"], headers=headers, trust_env=False)


@server.tool()
async def conekta(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send a request to Conekta and return its answer."""
    response = await get_client().request(method, path, json=body)
    answer: dict[str, Any] = response.json()
    return answer


if __name__ == "__main__":
    server.run()
