"""Reads the company behind a key, and whether another company is its child."""

import json
import logging
from dataclasses import asdict, dataclass
from typing import Self

from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.accounts.modes import NO_ACCESS_STATUSES, ObservedMode, is_barred, is_foreign
from conekta_mcp.catalog import Request
from conekta_mcp.errors import Detail, Failure, UnreadableAnswer

KIND = "company"

log = logging.getLogger(__name__)


class UnnamedCompany(UnreadableAnswer):
    """An answer in JSON that names no company, such as one of a gateway, or of a newer version of Conekta."""


@dataclass(frozen=True)
class Company:
    id: str
    name: str | None = None
    parent_id: str | None = None


@dataclass(frozen=True)
class LearntAccount:
    """What is known of the account of a key."""

    company: str | None
    """The id of the company; None if the key may not read it, and then stands for the account itself."""
    live: bool
    """Whether it counts as live."""
    at: float
    """Unix seconds."""
    is_child: bool = False
    """Whether the account is only the child company, because Conekta confirmed the relation."""
    company_name: str | None = None
    """The name of that company at Conekta."""

    def to_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str | None) -> Self | None:
        """Parse the text of `to_text`; None for any other text."""
        try:
            found = json.loads(text or "null")
            company, live, at = found["company"], found["live"], found["at"]
            is_child, name = found.get("is_child") is True, found.get("company_name")
        except (ValueError, TypeError, KeyError, AttributeError):
            return None
        fits = (company is None or isinstance(company, str)) and isinstance(live, bool)
        known = name if isinstance(name, str) else None
        return cls(company, live, at, is_child, known) if fits and isinstance(at, int | float) else None


@dataclass(frozen=True)
class Answers:
    """Conekta's answers about the mode and company of a key; `failure` if one is missing."""

    mode: ObservedMode
    company: str | None
    company_name: str | None
    is_child: bool
    failure: Failure | None
    is_unclear: bool = False
    """Whether each failure is one that may mean, if it lasts, that there is no company to read."""


async def read_company(key: KeyInUse, company_id: str | None = None) -> Company | None:
    """Return the company of a key, or the one that is named.

    None where Conekta says that the key may not read it.

    Raises:
        Failure: Conekta did not answer, or with something that is no company, and may do so later.
    """
    try:
        answer = await key.sender.send(Request("GET", f"/companies/{company_id or 'current'}"))
    except Failure as failure:
        if is_barred(failure):
            return None
        raise
    found, name, parent = (answer.get(one) for one in ("id", "name", "parent_company_id"))
    if not isinstance(found, str) or not found or answer.get("object") not in (None, KIND):
        raise _build_no_company()
    return Company(
        id=found,
        name=name if isinstance(name, str) else None,
        parent_id=parent if isinstance(parent, str) else None,
    )


def _build_no_company() -> UnnamedCompany:
    """Say that an answer names no company: taken for none, it would give the account another name."""
    detail = Detail(
        code="conekta_mcp.errors.unreadable_answer",
        message="Conekta answered with something else than the company of the key.",
    )
    return UnnamedCompany(type="unreadable_answer", details=(detail,), http_status=200, retryable=True)


def is_unclear(failure: Failure) -> bool:
    """Tell whether a failure may mean that the key has no company to read, if it lasts."""
    is_refused = failure.http_status in NO_ACCESS_STATUSES and is_foreign(failure)
    return is_refused or isinstance(failure, UnnamedCompany)


def is_child_of(child_id: str | None, child: Company | None, own: Company | None) -> bool:
    """Tell whether Conekta shows that `child_id` is a child of a key's `own` company.

    So it is too where Conekta answers as the child to whoever acts for it. Without that a stranger, who only
    names it, would share what belongs to it.
    """
    if child_id is None or own is None:
        return False
    is_shown = child is not None and child.id == child_id and child.parent_id == own.id
    return own.id == child_id or is_shown


def log_company(account: str, kept: LearntAccount | None, learnt: LearntAccount) -> None:
    """Log that a key stands for its account, or acts for another company than before."""
    if learnt.company is None and kept is None:
        log.warning("account %s: its company cannot be read, so the key alone stands for it", account)
    elif kept and kept.company != learnt.company:
        log.warning(
            "account %s is company %s, and was %s until now: Conekta says so",
            account,
            learnt.company,
            kept.company,
        )
