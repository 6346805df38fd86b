"""Says who a call acts for: the key that came with the request, or a profile of the operator."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from conekta_mcp.accounts.modes import Mode, Modes, Observed
from conekta_mcp.accounts.profile import BROUGHT, DEFAULT, Expected
from conekta_mcp.accounts.profiles import Profiles
from conekta_mcp.catalog import Sender
from conekta_mcp.errors import (
    ConfigurationError,
    Detail,
    Forbidden,
    InvalidArguments,
    NotConfigured,
)
from conekta_mcp.redaction import fingerprint_key


@dataclass(frozen=True)
class RequestKey:
    """The key that an HTTP request acts with."""

    key: str = field(repr=False)
    operator: bool
    """Whether the request brought none, so that the operator's profiles stand in."""


class Senders(Protocol):
    """Gives the sender that acts with a key, for a child company if one is named."""

    def __call__(self, key: str, child_company_id: str | None = None, /) -> Sender:
        """Give it."""
        ...


@dataclass(frozen=True)
class Acting:
    """The account of one call."""

    profile: str
    fingerprint: str
    """Names the key, and the child company if one is acted for, without telling the key."""
    sender: Sender = field(repr=False)
    modes: Modes = field(repr=False)
    writes: bool = False
    several: bool = False
    """Whether there were other profiles to choose."""
    expected: Expected | None = None
    """The mode that the operator says the profile has."""

    @property
    def known_mode(self) -> Mode:
        """What is known of the mode without asking."""
        return self.modes.known(self.fingerprint)

    async def mode(self) -> Mode:
        """Give the mode, asked of Conekta if it is not known; unknown counts as live.

        Raises:
            Forbidden: the call writes, and Conekta says another mode than the operator.
        """
        mode = await self.modes.mode(self.fingerprint, self.sender)
        if self.writes and self.expected and mode not in {self.expected, "unknown"}:
            raise _another_mode(self.profile, self.expected, mode)
        return mode


class Accounts:
    """Finds the account of a call; keeps no key but the operator's own.

    `trusting` says that a call without a key acts for the operator, as over stdio; over HTTP the gate
    says it of each request.
    """

    def __init__(
        self,
        senders: Senders,
        profiles: Profiles,
        modes: Modes,
        read_request_key: Callable[[], RequestKey | None],
        *,
        trusting: bool = True,
        child_company_id: str | None = None,
    ) -> None:
        self._senders = senders
        self._profiles = profiles
        self._modes = modes
        self._read_request_key = read_request_key
        self._trusting = trusting
        self._child_company_id = child_company_id

    def sender(self, *, writes: bool = False) -> Sender:
        """Give the sender of a call that names no profile.

        Raises:
            NotConfigured: there is no key to act with.
        """
        return self.acting(None, writes=writes).sender

    def choices(self) -> tuple[str, ...]:
        """Name the profiles that the request at hand may choose from; none where there is no choice."""
        return self._profiles.names if len(self._profiles.names) > 1 and self._is_operator() else ()

    def acting(self, profile: str | None, *, writes: bool) -> Acting:
        """Give the account of the call at hand; `writes` says whether it would change something.

        Raises:
            InvalidArguments: that profile is not one of those it may name.
            NotConfigured: there is no key to act with.
        """
        brought = self._read_request_key()
        if brought and not self._is_operator():
            if profile is not None:
                raise _unknown_profile((), writes=writes)
            return self._account(BROUGHT, brought.key, self._child_company_id, writes=writes)
        allowed = self._profiles.names if self._is_operator() else ()
        if profile is not None and profile not in allowed:
            raise _unknown_profile(allowed, writes=writes)
        if not allowed:
            raise _no_key(DEFAULT, None, writes=writes)
        return self._operators(profile or self._profiles.default, writes=writes)

    def _operators(self, name: str, *, writes: bool) -> Acting:
        found = self._profiles.named(name)
        try:
            key = self._profiles.key(name)
        except ConfigurationError as problem:
            raise _no_key(name, str(problem), writes=writes) from None
        if not found or not key:
            place = f"there is none in {found.source.said}" if found and name != DEFAULT else None
            raise _no_key(name, place, writes=writes)
        child = found.child_company_id or self._child_company_id
        return self._account(name, key, child, writes=writes, expected=found.mode)

    def _account(
        self, name: str, key: str, child: str | None, *, writes: bool, expected: Expected | None = None
    ) -> Acting:
        account = account_name(key, child)
        sender = self._senders(key, child) if child else self._senders(key)
        return Acting(
            profile=name,
            fingerprint=account,
            sender=Observed(sender, self._modes, account),
            modes=self._modes,
            writes=writes,
            several=bool(self.choices()),
            expected=expected,
        )

    def _is_operator(self) -> bool:
        brought = self._read_request_key()
        return brought.operator if brought else self._trusting


def account_name(key: str, child_company_id: str | None = None) -> str:
    """Name the account of a key without telling it; each child company is an account of its own."""
    return fingerprint_key(f"{key} {child_company_id}" if child_company_id else key)


def acted(acting: Acting, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Give what `answer` has to add to tell which account acted, and of a write in which mode.

    Conekta's own objects tell the mode by livemode; what has none is told the mode that is known, an error
    only if one is.
    """
    told: dict[str, str] = {"profile": acting.profile} if acting.several else {}
    unsaid = acting.writes and not isinstance(answer.get("livemode"), bool)
    if unsaid and not ("error" in answer and acting.known_mode == "unknown"):
        told["mode"] = acting.known_mode
    return {"account": told} if told else {}


def _unknown_profile(allowed: tuple[str, ...], *, writes: bool) -> InvalidArguments:
    there_is = f"one of {', '.join(allowed)}" if allowed else "left out: the request acts with its own key"
    return InvalidArguments(
        type="parameter_validation_error",
        details=(
            Detail(code=f"{OWN}.unknown_profile", message=f"profile: expected {there_is}.", param="profile"),
        ),
        outcome="not_applied" if writes else None,
        hint=f"Nothing was sent to Conekta. profile has to be {there_is}.",
    )


def _no_key(name: str, problem: str | None, *, writes: bool) -> NotConfigured:
    code = "profile_without_key" if problem else "not_configured"
    text = f"The key of profile {name} cannot be used: {problem}." if problem else NO_KEY
    fix = f"set the key of {name}; conekta-mcp doctor tells more" if problem else "set CONEKTA_API_KEY"
    return NotConfigured(
        type="configuration_error",
        details=(Detail(code=f"{OWN}.{code}", message=text),),
        outcome="not_applied" if writes else None,
        hint=f"Nothing was sent. Ask the person who runs this server to {fix}.",
    )


def _another_mode(name: str, expected: Expected, mode: Mode) -> Forbidden:
    text = f"Profile {name} is said to be {expected}, and its key is {mode}: it writes nothing."
    return Forbidden(
        type="policy_denied",
        details=(Detail(code=f"{OWN}.profile_mode", message=text),),
        outcome="not_applied",
        hint="Nothing was changed. Ask the person who runs this server to correct the key or the mode.",
    )


OWN = "conekta_mcp.errors"
NO_KEY = "No Conekta key: set CONEKTA_API_KEY, or use --sandbox to try without an account."
