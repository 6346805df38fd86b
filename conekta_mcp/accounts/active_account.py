"""Chooses the account of a call: the key that came with the request, or a profile of the operator."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from conekta_mcp.accounts.identity import Identities, Identity
from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.accounts.livemode import Mode
from conekta_mcp.accounts.modes import ModeObservingSender
from conekta_mcp.accounts.profile import DEFAULT_PROFILE, REQUEST_PROFILE, ExpectedMode
from conekta_mcp.accounts.profiles import Profiles
from conekta_mcp.catalog import Sender
from conekta_mcp.errors import (
    CODE_PREFIX,
    ConfigurationError,
    Detail,
    Failure,
    Forbidden,
    InvalidArguments,
    NotConfigured,
)


@dataclass(frozen=True)
class RequestKey:
    """The key that an HTTP request acts with."""

    key: str = field(repr=False)
    operator: bool
    """Whether the request had no key, so that the operator's profiles apply."""


class SenderFactory(Protocol):
    """Creates the sender that acts with a key, for a child company if one is named."""

    def __call__(self, key: str, child_company_id: str | None = None, /) -> Sender: ...


@dataclass(frozen=True)
class ActiveAccount:
    profile: str
    key: KeyInUse
    identities: Identities = field(repr=False)
    writes: bool = False
    has_other_profiles: bool = False
    """Whether the call could have named another profile."""
    expected_mode: ExpectedMode | None = None
    """The mode that the operator declared for the profile."""

    @property
    def fingerprint(self) -> str:
        """A digest of the key and the child company, which does not reveal the key."""
        return self.key.fingerprint

    @property
    def sender(self) -> Sender:
        return self.key.sender

    @property
    def known_mode(self) -> Mode:
        """The mode as far as it is known, without a request to Conekta."""
        return self.identities.modes.get_known_mode(self.fingerprint)

    @property
    def known_identity(self) -> Identity | None:
        """The identity as far as it is known, without a request to Conekta."""
        return self.identities.get_known_identity(self.key)

    async def read_identity(self) -> str:
        """Return the name that claims, counters, locks and approvals of this account are kept under.

        All keys of one company share it. Where a key may not read its company, it is the key's fingerprint.
        The first write of a process reads company and mode at the same time, unless the store knows them.

        Raises:
            Failure: Conekta did not say it, and may do so later; nothing was written.
        """
        try:
            return (await self.identities.read_identity(self.key)).name
        except Failure as failure:
            failure.__traceback__ = None  # it is kept, and its trace would keep the request with the key
            # A copy: other calls that waited for this answer share the failure.
            raise replace(failure, outcome="not_applied" if self.writes else None) from None

    async def read_mode(self) -> Mode:
        """Return the mode, asking Conekta if needed; unknown counts as live.

        Raises:
            Forbidden: the call writes, and Conekta does not show the mode that the operator declared.
        """
        observed = await self.identities.modes.observe_account(self.key)
        if self.writes and self.expected_mode and observed.mode != self.expected_mode:
            if observed.mode == "unknown":
                raise _build_unknown_mode(self.profile, self.expected_mode, observed.why)
            raise _build_mode_mismatch(self.profile, self.expected_mode, observed.mode)
        return observed.mode


class Accounts:
    """Chooses the account of a call; holds no key but the operator's.

    `trusting` means that a call without a key acts for the operator, as over stdio. Over HTTP `KeyGate`
    decides it for each request.
    """

    def __init__(
        self,
        senders: SenderFactory,
        profiles: Profiles,
        identities: Identities,
        read_request_key: Callable[[], RequestKey | None],
        *,
        trusting: bool = True,
        child_company_id: str | None = None,
    ) -> None:
        self._senders = senders
        self._profiles = profiles
        self._identities = identities
        self._read_request_key = read_request_key
        self._trusting = trusting
        self._child_company_id = child_company_id

    def list_choices(self) -> tuple[str, ...]:
        return self._profiles.names if len(self._profiles.names) > 1 and self._is_operator() else ()

    def resolve(self, profile: str | None, *, writes: bool) -> ActiveAccount:
        """Return the account of this call; `writes` says whether it would change something.

        Raises:
            InvalidArguments: the call may not name that profile.
            NotConfigured: there is no key to act with.
        """
        brought = self._read_request_key()
        # A request with a key of its own never gets a profile of the operator, nor learns the names of any.
        if brought and not self._is_operator():
            if profile is not None:
                raise _build_unknown_profile((), writes=writes)
            return self._build_account(REQUEST_PROFILE, brought.key, self._child_company_id, writes=writes)
        allowed = self._profiles.names if self._is_operator() else ()
        if profile is not None and profile not in allowed:
            raise _build_unknown_profile(allowed, writes=writes)
        if not allowed:
            raise _build_missing_key(DEFAULT_PROFILE, None, writes=writes)
        return self._resolve_profile(profile or self._profiles.default, writes=writes)

    def _resolve_profile(self, name: str, *, writes: bool) -> ActiveAccount:
        found = self._profiles.find_profile(name)
        try:
            key = self._profiles.read_key(name)
        except ConfigurationError as problem:
            raise _build_missing_key(name, str(problem), writes=writes) from None
        if not found or not key:
            place = f"there is none in {found.source.label}" if found and name != DEFAULT_PROFILE else None
            raise _build_missing_key(name, place, writes=writes)
        child = found.child_company_id or self._child_company_id
        return self._build_account(name, key, child, writes=writes, expected=found.mode)

    def _build_account(
        self, name: str, key: str, child: str | None, *, writes: bool, expected: ExpectedMode | None = None
    ) -> ActiveAccount:
        sender = self._senders(key, child) if child else self._senders(key)
        asked = KeyInUse.from_key(key, sender, child)
        observing = ModeObservingSender(sender, self._identities.modes, asked.fingerprint)
        return ActiveAccount(
            profile=name,
            key=replace(asked, sender=observing),
            identities=self._identities,
            writes=writes,
            has_other_profiles=bool(self.list_choices()),
            expected_mode=expected,
        )

    def _is_operator(self) -> bool:
        brought = self._read_request_key()
        return brought.operator if brought else self._trusting


def build_account_note(account: ActiveAccount, answer: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, str] = {"profile": account.profile} if account.has_other_profiles else {}
    # Conekta's objects show the mode as livemode. Other answers get the mode as known; an error gets it only
    # if it is known, since nobody asks Conekta just to render an error.
    unsaid = account.writes and not isinstance(answer.get("livemode"), bool)
    if unsaid and not ("error" in answer and account.known_mode == "unknown"):
        told["mode"] = account.known_mode
    return {"account": told} if told else {}


def _build_unknown_profile(allowed: tuple[str, ...], *, writes: bool) -> InvalidArguments:
    there_is = f"one of {', '.join(allowed)}" if allowed else "left out: the request acts with its own key"
    return InvalidArguments(
        type="parameter_validation_error",
        details=(
            Detail(
                code=f"{CODE_PREFIX}unknown_profile",
                message=f"profile: expected {there_is}.",
                param="profile",
            ),
        ),
        outcome="not_applied" if writes else None,
        hint=f"Nothing was sent to Conekta. profile has to be {there_is}.",
    )


def _build_missing_key(name: str, problem: str | None, *, writes: bool) -> NotConfigured:
    code = "profile_without_key" if problem else "not_configured"
    text = f"The key of profile {name} cannot be used: {problem}." if problem else NO_KEY_MESSAGE
    fix = "run conekta-mcp login"
    if problem:
        fix = f"set the key of {name}; conekta-mcp doctor tells more"
    return NotConfigured(
        type="configuration_error",
        details=(Detail(code=f"{CODE_PREFIX}{code}", message=text),),
        outcome="not_applied" if writes else None,
        hint=f"Nothing was sent. Ask the person who runs this server to {fix}.",
    )


def _build_mode_mismatch(name: str, expected: ExpectedMode, mode: Mode) -> Forbidden:
    return _build_wrong_mode(
        f"Profile {name} is said to be {expected}, and its key is {mode}: it writes nothing.",
        "Ask the person who runs this server to correct the key or the mode.",
    )


def _build_unknown_mode(name: str, expected: ExpectedMode, why: str | None) -> Forbidden:
    because = f" ({why.rstrip('.')})" if why else ""
    return _build_wrong_mode(
        f"Profile {name} is said to be {expected}, and the mode of its key could not be read{because}: "
        "it writes nothing.",
        "Ask the person who runs this server to let the key read orders or the list of API keys, or to add a "
        "customer to the account in Conekta's panel. If Conekta did not answer, try again later.",
    )


def _build_wrong_mode(text: str, advice: str) -> Forbidden:
    return Forbidden(
        type="policy_denied",
        details=(Detail(code=f"{CODE_PREFIX}profile_mode", message=text),),
        outcome="not_applied",
        hint=f"Nothing was changed. {advice}",
    )


NO_KEY_MESSAGE = "No Conekta key: run conekta-mcp login, or use --sandbox to try without an account."
