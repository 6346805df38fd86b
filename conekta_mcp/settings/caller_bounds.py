"""Bounds for HTTP callers: sessions, connections, and the time that a request may take to arrive."""

from dataclasses import dataclass

from conekta_mcp.settings.parsing import (
    Group,
    declare_setting,
    derive_names,
    parse_bound,
    parse_minutes,
    parse_seconds,
)


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)  # a part of Settings
@derive_names
class CallerBounds:
    """The most that callers may hold; keys that Conekta has not accepted yet get a small share."""

    max_sessions: int = declare_setting(
        1000, parse_bound, "most sessions open at once over HTTP", group=Group.HTTP
    )
    max_sessions_per_key: int = declare_setting(
        100, parse_bound, "most of these sessions for one key", group=Group.HTTP
    )
    max_sessions_per_address: int = declare_setting(
        500, parse_bound, "most of these sessions for one address of clients", group=Group.HTTP
    )
    max_unproven_sessions: int = declare_setting(
        200,
        parse_bound,
        "most of these sessions for keys that Conekta has not accepted yet",
        group=Group.HTTP,
    )
    session_idle: float = declare_setting(
        30.0, parse_minutes, "end a session after so many minutes without a message", group=Group.HTTP
    )
    max_connections: int = declare_setting(
        2000, parse_bound, "most connections of clients open at once", group=Group.HTTP
    )
    request_timeout: float = declare_setting(
        20.0,
        parse_seconds,
        "close a connection whose request is not complete after so many seconds, for head and body each",
        group=Group.HTTP,
    )
