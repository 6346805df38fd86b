"""Says who a call acts for: the key that came with the request, or the server's own."""

from collections.abc import Callable

from mcp.server.auth.middleware.auth_context import get_access_token

from conekta_mcp.catalog import Sender
from conekta_mcp.errors import Detail, NotConfigured


class Accounts:
    """Senders for calls; keeps no key but the server's own."""

    def __init__(self, account: Callable[[str], Sender], own_key: str | None) -> None:
        self._account = account
        self._own_key = own_key

    def sender(self, *, writes: bool = False) -> Sender:
        """Give the sender for the call at hand; `writes` says whether it would change something.

        Raises:
            NotConfigured: there is no key to act with.
        """
        token = get_access_token()
        key = token.token if token else self._own_key
        if not key:
            raise NotConfigured(
                type="configuration_error",
                details=(Detail(code="conekta_mcp.errors.not_configured", message=NO_KEY),),
                outcome="not_applied" if writes else None,
                hint="Nothing was sent. Ask the person who runs this server to set CONEKTA_API_KEY.",
            )
        return self._account(key)


NO_KEY = "No Conekta key: set CONEKTA_API_KEY, or use --sandbox to try without an account."
