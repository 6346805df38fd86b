"""Builds one server from its settings, for Conekta or the sandbox; only this module imports all others."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conekta_mcp.accounts.identity import Identities
from conekta_mcp.accounts.profiles import Profiles
from conekta_mcp.accounts.proven_keys import ProvenKeys
from conekta_mcp.api import Conekta
from conekta_mcp.domains.all_resources import RESOURCES
from conekta_mcp.domains.deferred_tools import list_all_tools, load_tools
from conekta_mcp.effects.reading.budget import NoNews, Surroundings
from conekta_mcp.events.lazy_news import LazyNews
from conekta_mcp.redaction import fingerprint_key
from conekta_mcp.server.discovery.briefing import create_briefing
from conekta_mcp.server.mcp_server import ConektaServer
from conekta_mcp.server.tools.selection import ToolSelection

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from starlette.applications import Starlette

    from conekta_mcp.audit.log import AuditLog
    from conekta_mcp.catalog import Tool
    from conekta_mcp.consent.asking.background import BackgroundTasks
    from conekta_mcp.consent.asking.channels import Channels
    from conekta_mcp.consent.consent import Consent
    from conekta_mcp.events.inbound import InboundEvents
    from conekta_mcp.policy.policy import Policy
    from conekta_mcp.sandbox import Ledger
    from conekta_mcp.settings.table import Settings
    from conekta_mcp.storage.protocol import Store
    from conekta_mcp.writes.assessment import WriteSafeguards
    from conekta_mcp.writes.intents import Intents


class App:
    """One process: the API client or the sandbox, the store, the audit log and the server."""

    def __init__(
        self,
        settings: Settings,
        transport: Callable[[], httpx.AsyncBaseTransport] | None = None,
        *,
        clock: Callable[[], float] = time.time,
        safe: bool = True,
    ) -> None:
        """Build the server; `safe=False` sends writes without safeguards, for tests of a single request."""
        self.settings = settings
        self.clock = clock
        self._ledger: Ledger | None = None
        self.profiles = Profiles.from_settings(settings)
        self.identities = Identities.from_settings(settings, lambda: self.store)
        self.proven_keys = ProvenKeys()
        over_http = self.proves_keys = settings.transport != ("stdio",)
        sandbox = self._create_sandbox_transport if settings.sandbox else None
        self.conekta = Conekta(settings, transport or sandbox)
        get_account = self.conekta.get_account
        news = LazyNews(lambda: self.events.news) if settings.follows_events else NoNews()
        self.server = ConektaServer(
            tools=load_tools(sandbox=settings.sandbox),
            more=self._load_deferred_tools,
            selection=ToolSelection(settings.toolsets, settings.tools, settings.exclude, settings.read_only),
            readables=RESOURCES,
            account=self.proven_keys.observe(get_account) if over_http else get_account,
            profiles=self.profiles,
            identities=self.identities,
            child_company_id=settings.child_company_id,
            language=settings.language,
            timezone=settings.timezone,
            sandbox=settings.sandbox,
            key_per_request=over_http,
            log_level=settings.log_level,
            # Functions, not objects: the store and the rest are opened by the first write.
            safety=self._create_safety if safe else None,
            # Without a policy file no rule denies a read, so the policy is loaded by the first write.
            policy=self.policy if settings.policy else None,
            pii=settings.pii,
            previews=settings.allow_preview,
            approval_secrets=settings.approval_secrets,
            card_approvals=(lambda: self.consent.pending) if safe and settings.allows_cards else None,
            briefing=create_briefing(settings, lambda: self.policy, self.profiles.default),
            surroundings=Surroundings(self.conekta.server_times.read, self.clock, news=news),
        )
        if settings.follows_events:
            from conekta_mcp.server.subscriptions.deferred import DeferredSubscriptions

            tells, receives = settings.webhooks, settings.webhooks and over_http
            DeferredSubscriptions(
                self.server, lambda: self.events, tells_lists=tells, receives=receives
            ).install()

    def refuse_unsafe_start(self) -> None:
        """Raise ConfigurationError for settings that are not safe with live money."""
        settings = self.settings
        if settings.approval_secrets or settings.audit == "off" or settings.store == "memory":
            from conekta_mcp.policy.safe_start import refuse_unsafe_start  # most servers do without it

            refuse_unsafe_start(settings, self.profiles.list_live_names())

    def create_http_app(self) -> Starlette:
        """Return the ASGI app over HTTP; raise ConfigurationError for settings that need loopback."""
        from conekta_mcp.server.http.gate import build_security_settings, refuse_remote_start
        from conekta_mcp.server.http.inbox import create_inbox
        from conekta_mcp.server.http.sessions.bounds import Sessions
        from conekta_mcp.server.http.transports import create_http_app

        settings = self.settings
        refuse_remote_start(settings)
        allowed = build_security_settings(settings.allowed_hosts, settings.allowed_origins)
        # Whoever reaches the port would act with the operator's key, so only a loopback bind may use it.
        own_key = self.profiles.read_key(self.profiles.default) if settings.is_loopback else None
        if own_key:
            self.proven_keys.add(fingerprint_key(own_key))
        bounds = Sessions(settings, self.proven_keys)
        inbox = create_inbox(settings, self.store, lambda: self.consent.pending, self.audit)
        webhooks = self.events.receiver if settings.webhooks else None
        return create_http_app(self.server, settings.transport, allowed, own_key, bounds, inbox, webhooks)

    async def serve_stdio(self) -> None:
        try:
            await self.server.run_stdio_async()
        finally:
            await self.close()

    async def close(self) -> None:
        if "background" in vars(self):
            await self.background.close()
        if "channels" in vars(self) and self.channels.browser:
            await self.channels.browser.close()
        if "events" in vars(self):
            await self.events.feed.close()
        await self.conekta.close()
        # A cached property: it is in vars() once it was used, and only then is there something to close.
        if "store" in vars(self):
            await self.store.close()
        if self._ledger is not None:
            self._ledger.close()

    @cached_property
    def store(self) -> Store:
        # Imported on first use, here and below: an agent waits for start-up at each session.
        from conekta_mcp.storage.opening import open_configured_store

        return open_configured_store(self.settings, self.clock)

    @cached_property
    def policy(self) -> Policy:
        """Return the operator's policy; raise ConfigurationError if its file cannot be used."""
        from conekta_mcp.policy.policy import Policy

        return Policy.from_settings(self.settings, list_all_tools)

    @cached_property
    def intents(self) -> Intents:
        from conekta_mcp.writes.intents import Intents

        return Intents.from_settings(self.settings, self.store, self.clock, self.conekta.server_times)

    @cached_property
    def events(self) -> InboundEvents:
        from conekta_mcp.events.inbound import InboundEvents

        return InboundEvents.from_settings(
            self.settings, self.store, self.identities, self.profiles, self.conekta.get_account, self.clock
        )

    @cached_property
    def audit(self) -> AuditLog:
        from conekta_mcp.audit.file import open_sink
        from conekta_mcp.audit.log import AuditLog

        return AuditLog(open_sink(self.settings.audit, lambda: self.store))

    @cached_property
    def consent(self) -> Consent:
        from conekta_mcp.consent.consent import Consent

        return Consent(
            language=self.settings.language,
            allow_preview=self.settings.allow_preview,
            secrets=self.settings.approval_secrets,
            store=self.store,
            approval_seconds=self.settings.approval_seconds,
            channels=self.channels,
            background=self.background,
            executes=self.settings.approval_executes,
            audit=self.audit,
        )

    @cached_property
    def channels(self) -> Channels:
        from conekta_mcp.pages.channels import create_channels

        channels = create_channels(self.settings, lambda: self.consent.pending, self.store)
        if not self.settings.approval_webhook:
            return channels
        from conekta_mcp.api.announcements import AnnouncementPoster
        from conekta_mcp.consent.asking.announcing import WebhookAnnouncer

        post = AnnouncementPoster(self.settings, self.clock).post
        return replace(channels, announcer=WebhookAnnouncer(self.settings, channels, post, self.background))

    @cached_property
    def background(self) -> BackgroundTasks:
        from conekta_mcp.consent.asking.background import BackgroundTasks

        return BackgroundTasks()

    def _create_safety(self) -> WriteSafeguards:
        from conekta_mcp.audit.unproven import UnprovenRecords
        from conekta_mcp.domains.all_writes import WRITE_HANDLERS
        from conekta_mcp.policy.safe_start import LiveSafety
        from conekta_mcp.writes.assessment import WriteSafeguards

        settings = self.settings
        return WriteSafeguards(
            may_record=UnprovenRecords(self.proven_keys).may_record if self.proves_keys else lambda _: True,
            policy=self.policy,
            intents=self.intents,
            audit=self.audit,
            consent=self.consent,
            handlers=WRITE_HANDLERS,
            random=lambda: secrets.token_hex(16),
            writes_marks=settings.intent_mark,
            refuse_unsafe_live_write=LiveSafety(settings, self.store, settings.language).refuse_unsafe_write,
        )

    def _load_deferred_tools(self) -> tuple[Tool[Any], ...]:
        from conekta_mcp.api.folder import Folder
        from conekta_mcp.catalog.files import DisabledFileReader, attach_file_reader
        from conekta_mcp.domains.all_tools import SEARCHABLE_TOOLS

        folder = self.settings.files_folder
        return attach_file_reader(SEARCHABLE_TOOLS, Folder(folder) if folder else DisabledFileReader())

    def _create_sandbox_transport(self) -> httpx.AsyncBaseTransport:
        from conekta_mcp.api.in_process import InProcessTransport
        from conekta_mcp.sandbox import Ledger, create_sandbox

        self._ledger = Ledger(self.settings.state or ":memory:")
        return InProcessTransport(create_sandbox(self._ledger))
