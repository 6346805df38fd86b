"""Serves resources: reads one, lists recent ones, completes ids."""

import json
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

import anyio
from mcp.server.lowlevel.helper_types import ReadResourceContents
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp.shared.exceptions import MCPError
from mcp.types import INVALID_PARAMS, Completion, ListResourcesResult, Resource, ResourceTemplate

from conekta_mcp.accounts.active_account import Accounts, ActiveAccount
from conekta_mcp.catalog import ListedResource, ResourceDeclaration, ResourcePage, Sender
from conekta_mcp.effects.intent_mark import hide_marks
from conekta_mcp.errors import Failure, UnknownTool
from conekta_mcp.privacy.secret_fields import hide_secrets
from conekta_mcp.privacy.untrusted_text import clean_text
from conekta_mcp.redaction import KEY, has_card_number, name_in_error, redact_value
from conekta_mcp.server.tools.permissions import Permissions

JSON_MIME_TYPE = "application/json"
# Clients list and complete while a person types: an empty answer in time is better than a late one.
LIST_SECONDS = 5.0
# A cursor comes from the client and goes to Conekta, so it has to look like an id.
CURSOR = re.compile("[0-9A-Za-z_-]{1,64}")

log = logging.getLogger(__name__)


class Resources:
    """Answers resource requests; reading can raise, listing and completing never fail."""

    def __init__(
        self,
        readables: Sequence[ResourceDeclaration],
        accounts: Accounts,
        permissions: Permissions,
        pii: str = "full",
    ) -> None:
        self._readables = readables
        self._accounts = accounts
        self._permissions = permissions
        self._pii = pii

    def list_templates(self) -> list[ResourceTemplate]:
        """Return the kinds of resources that this request may read."""
        return [
            ResourceTemplate(
                uri_template=readable.template,
                name=readable.kind,
                title=readable.title,
                description=readable.description,
                mime_type=JSON_MIME_TYPE,
            )
            for readable in self._readables
            if self._permissions.find_refusal(readable.tools, self._find_account()) is None
        ]

    async def read(self, address: str) -> ReadResourceContents:
        """Return the resource at `address` as indented JSON.

        Raises:
            ResourceNotFoundError: no such address, or no such id for this account.
            ResourceError: it cannot be read now; the text says why.
        """
        # Not as a ResourceError: the SDK logs the address of one, and repeats it in the answer.
        if has_card_number(address):
            raise MCPError(INVALID_PARAMS, "An address must not hold a card number; nothing was read")
        if KEY.search(address):
            raise MCPError(INVALID_PARAMS, "An address must not hold an API key; nothing was read")
        for readable in self._readables:
            ids = readable.parse_address(address)
            if ids is not None:
                return ReadResourceContents(
                    content=await self._read_json(readable, ids), mime_type=JSON_MIME_TYPE
                )
        raise ResourceNotFoundError(f"Unknown resource: {name_in_error(address)}")

    async def _read_json(self, readable: ResourceDeclaration, ids: tuple[str, ...]) -> str:
        try:
            shown = await readable.read(self._get_sender(readable), *ids)
        except UnknownTool:
            raise ResourceNotFoundError(f"There is no resource {readable.template} here") from None
        except Failure as failure:
            if not failure.is_missing_object:
                raise ResourceError(
                    f"{readable.title} cannot be read: {self._mask_failure(failure)}"
                ) from None
            shown = None
        if shown is None:
            kind = readable.kind.replace("_", " ")
            raise ResourceNotFoundError(f"There is no {kind} {ids[-1]} for this account")
        from conekta_mcp.privacy.typed_fields import clean_answer

        shown = hide_marks(shown)
        return json.dumps(
            redact_value(hide_secrets(clean_answer(self._mask_object(readable, shown)))),
            ensure_ascii=False,
            indent=2,
        )

    def _mask_object(self, readable: ResourceDeclaration, whole: dict[str, Any]) -> dict[str, Any]:
        if self._pii == "full":
            return whole
        from conekta_mcp.privacy.masking import list_kept_fields, mask_answer

        return mask_answer(whole, self._pii, keeps=list_kept_fields(readable.template.partition("{")[0]))

    def _mask_failure(self, failure: Failure) -> str:
        if self._pii == "full":
            return str(failure)
        from conekta_mcp.privacy.masking import mask_text

        return mask_text(str(failure), self._pii)

    def _get_shown_name(self, row: ListedResource) -> str:
        """Return the name to list; under masking, the id."""
        return clean_text(row.name) if self._pii == "full" else row.id

    async def list_recent(self, after: str | None) -> ListResourcesResult:
        """Return a page of recent objects by name; empty if that takes more than 5 seconds."""
        listed = [readable for readable in self._readables if readable.list_recent]
        pages = [(readable, await self._load_page(readable, after)) for readable in listed]
        resources = [
            Resource(
                uri=readable.format_address(row.id),
                name=self._get_shown_name(row),
                title=self._get_shown_name(row),
                mime_type=JSON_MIME_TYPE,
            )
            for readable, page in pages
            for row in page.rows
        ]
        return ListResourcesResult(resources=resources, next_cursor=pages[0][1].next if pages else None)

    async def complete(
        self, kind: str | tuple[str, ...] | None, typed: str, known: Mapping[str, str]
    ) -> Completion:
        """Return completions: among a few values, or ids of the account.

        `known` holds the other variables of the address.
        """
        if isinstance(kind, tuple):
            return Completion(values=[value for value in kind if value.startswith(typed)])
        found: list[str] = []
        for readable in () if has_card_number([typed, *known.values()]) else self._readables:
            owners = readable.select_owner_ids(known) if readable.id_name == kind else None
            if owners is not None:
                with anyio.move_on_after(LIST_SECONDS):
                    found = await self._find_ids(readable, typed, owners)
        # The protocol allows 100 values at most.
        return Completion(values=found[:100], total=len(found), has_more=len(found) > 100)

    def _get_sender(self, readable: ResourceDeclaration) -> Sender:
        """Return the sender of this request; raise Failure without a key, or if it may not read."""
        acting = self._accounts.resolve(None, writes=False)
        refusal = self._permissions.find_refusal(readable.tools, acting)
        if refusal:
            raise refusal
        return acting.sender

    async def read_account(self) -> str:
        """Return the identity of the account of this request; raise Failure if it is unknown."""
        return await self._accounts.resolve(None, writes=False).read_identity()

    def _find_account(self) -> ActiveAccount | None:
        try:
            return self._accounts.resolve(None, writes=False)
        except Failure:
            return None

    async def _load_page(self, readable: ResourceDeclaration, after: str | None) -> ResourcePage:
        assert readable.list_recent is not None  # noqa: S101 - chosen so by the caller
        if after is not None and not CURSOR.fullmatch(after):
            return ResourcePage(())
        with anyio.move_on_after(LIST_SECONDS):
            try:
                return await readable.list_recent(self._get_sender(readable), after)
            except Failure as failure:
                log.info("resources/list is empty: %s", failure)
        return ResourcePage(())

    async def _find_ids(
        self, readable: ResourceDeclaration, typed: str, owners: tuple[str, ...]
    ) -> list[str]:
        try:
            sender = self._get_sender(readable)
            if self._pii != "full":  # found by a part of a name, an id would tell the name
                found = await readable.find(sender, "", *owners)
                return [one for one in found if one.startswith(typed)]
            # Conekta takes at most 249 characters of search text.
            return await readable.find(sender, typed[:249].strip(), *owners)
        except Failure as failure:
            log.info("nothing to complete with: %s", failure)
            return []
