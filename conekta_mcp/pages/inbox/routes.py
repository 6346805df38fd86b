"""The routes of the inbox."""

import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from conekta_mcp.errors import ConfigurationError, StoreUnavailable
from conekta_mcp.pages.approvers.presence import InboxPresence
from conekta_mcp.pages.inbox.context import SIGN_IN_PATH, InboxContext
from conekta_mcp.pages.inbox.inbox import InboxPages
from conekta_mcp.pages.inbox.requests import INBOX_PATH
from conekta_mcp.pages.inbox.sign_in import SignInPages

Endpoint = Callable[[Request], Awaitable[Response]]

log = logging.getLogger(__name__)


def create_inbox_routes(context: InboxContext) -> list[BaseRoute]:
    """Return the routes; each answers 404 while there are no approvers."""
    pages, signing = InboxPages(context), SignInPages(context)
    one = f"{INBOX_PATH}/{{approval_id}}"
    addresses: list[tuple[str, str, Endpoint]] = [
        (INBOX_PATH, "GET", pages.show_list),
        (SIGN_IN_PATH, "GET", signing.show_form),
        (SIGN_IN_PATH, "POST", signing.sign_in),
        (f"{INBOX_PATH}/sign-out", "POST", signing.sign_out),
        (f"{one}/state", "GET", pages.tell_state),
        (one, "GET", pages.show_approval),
        (one, "POST", pages.decide),
    ]
    routes = [Route(path, _guard(context, answer), methods=[method]) for path, method, answer in addresses]
    other = f"{INBOX_PATH}/{{rest:path}}"
    return [*routes, Route(other, _guard(context, pages.show_nothing), methods=["GET", "POST"])]


def _guard(context: InboxContext, answer: Endpoint) -> Endpoint:
    """Answer with a page if there are no approvers, or if they cannot be read."""

    async def answer_guarded(request: Request) -> Response:
        try:
            if not await InboxPresence(context.approvers).refresh():
                return context.show_nothing(context.receive_visit(request))
            return await answer(request)
        except (StoreUnavailable, ConfigurationError) as problem:
            log.warning("the inbox cannot be shown: %s", type(problem).__name__)
            return context.show_notice(context.receive_visit(request), "unavailable", 503)

    return answer_guarded
