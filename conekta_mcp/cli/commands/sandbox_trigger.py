"""The sandbox trigger command: causes an event in a running sandbox, such as a payment."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from conekta_mcp.cli.parser import build_number_parser
from conekta_mcp.cli.records.record_filters import SECONDS_BY_UNIT
from conekta_mcp.cli.starting.listening import format_host
from conekta_mcp.cli.starting.trigger_flags import refuse_other_flags
from conekta_mcp.cli.words.trigger import WORDS
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.privacy.untrusted_text import clean_line
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import get_times
from conekta_mcp.settings import Settings
from conekta_mcp.settings.connecting import LOOPBACK, parse_address
from conekta_mcp.settings.parsing import parse_key
from conekta_mcp.settings.table import SANDBOX_KEY

DURATION = re.compile("([0-9]{1,6})([smhdw])")
TIMEOUT_SECONDS = 30.0
MAX_WIDTH = 200
METHODS = ("card", "cash", "bank_transfer")


@dataclass(frozen=True)
class Call:
    """One request to the sandbox."""

    path: str
    body: Mapping[str, Any]


Send = Callable[[str, str, Mapping[str, Any] | None], dict[str, Any]]


@dataclass(frozen=True)
class Trigger:
    build: Callable[[argparse.Namespace, Send], Call]
    needs: str | None = None
    """The name of the text about what has to follow the event."""
    takes: str | None = None
    """The flag that changes it."""


def _pay(wanted: argparse.Namespace, _: Send) -> Call:
    name = "order_id" if wanted.target.startswith("ord_") else "reference"
    return Call("/_sandbox/payments", {name: wanted.target, **_select(wanted, "amount")})


def _expire(wanted: argparse.Namespace, send: Send) -> Call:
    order = send("GET", f"/orders/{wanted.target}", None)
    charges = (order.get("charges") or {}).get("data") or []
    # A paid order would only be left behind by the clock, which never goes back.
    waiting = [one for one in charges if one.get("status") == "pending_payment"]
    times = [(one.get("payment_method") or {}).get("expires_at") for one in waiting]
    found = [at for at in times if isinstance(at, int)]
    if not found:
        raise NothingExpires
    return Call("/_sandbox/clock", {"now": max(found) + 1})


def _pay_link(wanted: argparse.Namespace, _: Send) -> Call:
    method = wanted.method or "card"
    return Call(f"/_sandbox/checkouts/{wanted.target}/payments", {"method": method})


def _advance(wanted: argparse.Namespace, _: Send) -> Call:
    found = DURATION.fullmatch(wanted.target)
    if found is None:
        raise ValueError
    return Call("/_sandbox/clock", {"advance_seconds": int(found[1]) * SECONDS_BY_UNIT[found[2]]})


def _decline(wanted: argparse.Namespace, _: Send) -> Call:
    return Call("/_sandbox/cards", {"decline_next": wanted.reason or "insufficient_funds"})


def _charge_back(wanted: argparse.Namespace, _: Send) -> Call:
    return Call("/_sandbox/chargebacks", {"order_id": wanted.target, "reason": wanted.reason or "fraudulent"})


def _resolve(status: str) -> Callable[[argparse.Namespace, Send], Call]:
    return lambda wanted, _: Call(f"/_sandbox/chargebacks/{wanted.target}/resolve", {"status": status})


TRIGGERS: Mapping[str, Trigger] = {
    "order.paid": Trigger(_pay, "order", takes="amount"),
    "order.expired": Trigger(_expire, "id"),
    "link.paid": Trigger(_pay_link, "id", takes="method"),
    "card.declined": Trigger(_decline, takes="reason"),
    "charge.chargeback.created": Trigger(_charge_back, "id", takes="reason"),
    "charge.chargeback.won": Trigger(_resolve("won"), "id"),
    "charge.chargeback.lost": Trigger(_resolve("lost"), "id"),
    "payout.paid": Trigger(lambda wanted, _: Call(f"/_sandbox/payouts/{wanted.target}/pay", {}), "id"),
    "refund.collected": Trigger(
        lambda wanted, _: Call(f"/_sandbox/refunds/{wanted.target}/collect", {}), "id"
    ),
    "transfer.created": Trigger(lambda _, __: Call("/_sandbox/transfers", {})),
    "webhooks.delivered": Trigger(lambda _, __: Call("/_sandbox/webhooks/deliver", {})),
    "clock.advanced": Trigger(_advance, "duration"),
}


class NothingExpires(Exception):
    """No order without a charge can expire."""


def add_trigger_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action", nargs="?", choices=("trigger",), help="let something happen in one that runs"
    )
    parser.add_argument(
        "event", metavar="EVENT", nargs="?", choices=tuple(TRIGGERS), help="what: " + ", ".join(TRIGGERS)
    )
    parser.add_argument(
        "target", metavar="TARGET", nargs="?",
        help="the order, CLABE, link, chargeback, payout or refund; with clock.advanced a time such as 30d",
    )  # fmt: skip
    parser.add_argument(
        "--amount",
        metavar="CENTAVOS",
        type=build_number_parser("expected centavos, such as 50000"),
        help="order.paid: what is paid, if not what is owed",
    )
    parser.add_argument("--reason", metavar="WORD", help="card.declined and charge.chargeback.created: why")
    parser.add_argument("--method", choices=METHODS, help="link.paid: how (default: card)")
    parser.add_argument("--url", help="the sandbox that runs; default: --host and --port")
    parser.add_argument(
        "--key", help=f"whose account: the invented key that your SDK sends (default: {SANDBOX_KEY})"
    )


def trigger(settings: Settings, arguments: argparse.Namespace) -> int:
    """Cause one event; return 1 if the sandbox refused it, or a payment was returned."""
    language = settings.language
    wanted = TRIGGERS.get(arguments.event or "")
    if wanted is None:
        raise ConfigurationError(_tell("needs", language, event="trigger", what=", ".join(TRIGGERS)))
    refuse_other_flags(arguments, {name: one.takes for name, one in TRIGGERS.items()}, language)
    if wanted.needs and not arguments.target:
        what = _tell(wanted.needs, language)
        raise ConfigurationError(_tell("needs", language, event=arguments.event, what=what))
    client = ControlClient(_find_url(settings, arguments), _find_key(arguments), language)
    try:
        call = wanted.build(arguments, client.send)
        answer = client.send("POST", call.path, call.body)
    except ValueError:
        what = _tell(wanted.needs or "id", language)
        raise ConfigurationError(_tell("needs", language, event=arguments.event, what=what)) from None
    except NothingExpires:
        told = _tell("no_expiry", language, target=arguments.target)
        print(f"conekta-mcp sandbox: {told}", file=sys.stderr)
        return 1
    except SandboxRefused as refused:
        print(f"conekta-mcp sandbox: {refused}", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        print(f"{arguments.event}: {describe_answer(answer, language)}")
    return 1 if answer.get("status") == "returned" else 0


def describe_answer(answer: Mapping[str, Any], language: str) -> str:
    if answer.get("status") == "returned":
        return _tell("returned", language, reason=answer.get("reason"))
    state = answer.get("payment_status") or answer.get("status") or _tell("done", language)
    ids = [answer[name] for name in ("id", "order_id") if isinstance(answer.get(name), str)]
    amount = answer.get("amount")
    pesos = format_pesos(amount, answer.get("currency") or "MXN") if isinstance(amount, int) else None
    moment = answer.get("now")
    now: tuple[str | None, ...] = ()
    if isinstance(moment, int):
        now = (f"now={moment}", get_times().format_second(moment, language))
    return clean_line(", ".join(str(part) for part in (state, *ids, pesos, *now) if part), MAX_WIDTH)


class SandboxRefused(Exception):
    """The refusal of the sandbox, or of another server at its address."""


class ControlClient:
    """Sends to the sandbox with httpx, imported here because a serving sandbox does not need it."""

    def __init__(self, url: str, key: str, language: str) -> None:
        self._url, self._key, self._language = url, key, language

    def send(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        import httpx

        headers = {"Authorization": f"Bearer {self._key}", "Accept-Language": self._language}
        try:
            answered = httpx.request(
                method, self._url + path, json=body, headers=headers, timeout=TIMEOUT_SECONDS, trust_env=False
            )
            answer = answered.json()
        except httpx.HTTPError:
            port = urlsplit(self._url).port or 80
            raise SandboxRefused(_tell("unreached", self._language, url=self._url, port=port)) from None
        except ValueError:
            raise SandboxRefused(_tell("no_sandbox", self._language, url=self._url)) from None
        if answered.is_success and isinstance(answer, dict):
            return answer
        why = self._find_reason(answer)
        if why is None:
            raise SandboxRefused(_tell("no_sandbox", self._language, url=self._url))
        raise SandboxRefused(_tell("refused", self._language, why=clean_line(why, MAX_WIDTH)))

    def _find_reason(self, answer: Any) -> str | None:
        """Return the sandbox's reason; None for the answer of another server, which has no details."""
        details = answer.get("details") if isinstance(answer, dict) else None
        first = details[0] if isinstance(details, list) and details else None
        name = "message" if self._language == "es" else "debug_message"
        reason = (first.get(name) or first.get("code")) if isinstance(first, dict) else None
        return str(reason) if reason else None


def _find_url(settings: Settings, arguments: argparse.Namespace) -> str:
    url = arguments.url or f"http://{format_host(settings.host)}:{settings.port}"
    try:
        found = parse_address(url)
        if urlsplit(found).hostname not in LOOPBACK:
            raise ValueError
    except ValueError:
        raise ConfigurationError(_tell("loopback", settings.language)) from None
    return found


def _find_key(arguments: argparse.Namespace) -> str:
    try:
        return parse_key(arguments.key or SANDBOX_KEY)
    except ValueError as problem:
        raise ConfigurationError(f"--key: {problem}") from None


def _select(wanted: argparse.Namespace, *names: str) -> dict[str, Any]:
    return {name: getattr(wanted, name) for name in names if getattr(wanted, name) is not None}


def _tell(name: str, language: str, **facts: Any) -> str:
    return WORDS[name][language].format(**facts)
