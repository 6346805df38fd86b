"""What both stores share: the format of records, how long they are stored, and the store's failures."""

import errno
import json
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

from conekta_mcp.errors import Detail, StoreUnavailable
from conekta_mcp.settings.terms import KEY_DAYS
from conekta_mcp.storage.records import Attempt, Claim

SCHEMA = 2
"""The version of the stored form; a store with another version is not touched."""
DAY = 86_400
COUNTER_SECONDS = 3 * DAY
"""Counters are daily; a reservation can still be released after midnight."""
DONE_SECONDS = KEY_DAYS * DAY
"""How long a repeat gets the stored answer, by default."""
TOMBSTONE_SECONDS = 400 * DAY
"""How long a key is refused after its answer expired, since the call may be a repeat."""
EQUAL_INDEX_SECONDS = KEY_DAYS * DAY
"""How long claims are found by their fingerprint, and ids by the account that made them.

What another intent made must not be taken for a lost one, however late that one is settled.
"""
SKEW_SECONDS = 3600
"""How much longer locks and tokens are stored, since the clocks of replicas differ."""

MESSAGES = {
    "store_unavailable": "The store that remembers intents and limits does not answer ({reason}).",
    "store_not_opened": (
        "The store's file cannot be opened or created: let the user who runs this read and write it, and its "
        "folder. conekta-mcp doctor names it."
    ),
    "store_without_home": (
        "HOME or XDG_STATE_HOME is not the full path of a folder, so the store has no place: correct it, or "
        "name a store with --store."
    ),
    "store_not_ours": "What the store's setting names was not made by conekta-mcp: name another file.",
    "store_open_to_others": "Other users of this machine can read or write the store's file: chmod 600 it.",
    "store_replaced": (
        "The store's file was removed or replaced, or its Redis emptied, while this server runs: what it "
        "knew is not there. Restart the server."
    ),
    "store_too_new": "A newer conekta-mcp made this store: use that version, or name another store.",
    "store_too_old": "An unreleased conekta-mcp made this store: settle with that one, or name another.",
    "store_package_missing": (
        "A store in Redis needs one more package: pip install 'conekta-mcp[redis]', or with pipx: "
        "pipx inject conekta-mcp redis"
    ),
    "store_forgetful": (
        "This Redis drops keys when its memory is full, and limits with them: set its maxmemory-policy to "
        "noeviction."
    ),
}

CODES_BY_ERROR = {
    "SQLITE_NOTADB": "store_not_ours",
    "PermissionError": "store_not_opened",
    "NotADirectoryError": "store_not_opened",
    "FileExistsError": "store_not_opened",
    "FileNotFoundError": "store_not_opened",  # of a folder on a drive that is not there
    "EROFS": "store_not_opened",
    "SQLITE_CANTOPEN": "store_not_opened",
    "SQLITE_READONLY": "store_not_opened",
    "SQLITE_READONLY_DIRECTORY": "store_not_opened",
}
"""What the names of errors of SQLite and of files mean; every other is store_unavailable."""


def get_error_name(cause: Exception) -> str:
    """Return the name of an SQLite error, such as SQLITE_FULL, or of a file's, such as EROFS."""
    if type(cause) is OSError and (name := errno.errorcode.get(cause.errno or 0)):
        return name
    return str(getattr(cause, "sqlite_errorname", type(cause).__name__))


def build_store_failure(code: str, reason: str = "", *, passing: bool = False) -> StoreUnavailable:
    """Return the failure for `code`; `reason` is one word, never text from outside.

    `passing` means that the problem may be over soon.
    """
    message = MESSAGES[code].format(reason=reason)
    return StoreUnavailable(
        type="store_unavailable",
        details=(Detail(code=f"conekta_mcp.errors.{code}", message=message),),
        retryable=passing,
        hint="Ask the person who runs this server to look at its store (--store, CONEKTA_MCP_STORE).",
    )


def format_claim(claim: Claim) -> str:
    # Not dataclasses.asdict, which copies every text.
    return json.dumps({**vars(claim), "attempts": [vars(one) for one in claim.attempts]})


def parse_claim(text: str) -> Claim:
    fields = json.loads(text)
    attempts = tuple(Attempt(**one) for one in fields["attempts"])
    return Claim(**{**fields, "attempts": attempts, "made": tuple(fields["made"])})


def to_tombstone(claim: Claim) -> Claim:
    """Reduce a claim to the fact that its key was used."""
    return replace(claim, state="expired", answer="", arguments="{}", witness="{}", spent="")


def format_event(claim: Claim) -> str:
    """Return the entry of the history for one state of a claim."""
    kept = (
        "state",
        "owner",
        "fence",
        "at",
        "until",
        "reopened",
        "absent_since",
        "outcome",
        "settled_by",
        "made",
    )
    event = {name: getattr(claim, name) for name in kept}
    return json.dumps({**event, "attempts": [vars(one) for one in claim.attempts]})


def sort_claims(texts: Iterable[str], account: str | None) -> list[Claim]:
    """Parse claims, oldest first; of one account if it is named."""
    claims = [parse_claim(text) for text in texts]
    wanted = [claim for claim in claims if account in {None, claim.account}]
    return sorted(wanted, key=lambda claim: (claim.at, claim.place))


def format_place(place: tuple[str, str, str]) -> str:
    """Return a unique text for a place."""
    return json.dumps(place)


def hash_token(token: str) -> str:
    """Hash a token, so that the stored form cannot be used."""
    return sha256(token.encode(errors="surrogatepass")).hexdigest()
