"""Refuses flags of sandbox trigger that its event does not take, and reasons that Conekta does not know."""

import argparse
from collections.abc import Mapping

from conekta_mcp.cli.words.trigger import WORDS
from conekta_mcp.errors import ConfigurationError

FLAGS = ("amount", "reason", "method", "url", "key")


def refuse_lonely_flags(arguments: argparse.Namespace, language: str) -> None:
    """Refuse flags of trigger where there is no trigger."""
    given = [f"--{name}" for name in FLAGS if getattr(arguments, name)]
    if given:
        raise ConfigurationError(WORDS["only"][language].format(flags=", ".join(given)))


def refuse_other_flags(arguments: argparse.Namespace, taken: Mapping[str, str | None], language: str) -> None:
    """Refuse flags that would change nothing with this event, and a reason that is none.

    `taken` is the flag that each event takes.
    """
    event = arguments.event
    for flag in filter(None, dict.fromkeys(taken.values())):
        if getattr(arguments, flag) and taken[event] != flag:
            events = [name for name, one in taken.items() if one == flag]
            told = WORDS["other"][language].format(flag=f"--{flag}", events=", ".join(events))
            raise ConfigurationError(told)
    if arguments.reason and arguments.reason not in (known := _list_reasons(event)):
        raise ConfigurationError(WORDS["reason"][language].format(names=", ".join(known)))


def _list_reasons(event: str) -> tuple[str, ...]:
    if event == "card.declined":
        from conekta_mcp.sandbox.instruments.cards import DECLINES

        return tuple(DECLINES)
    from conekta_mcp.sandbox.chargebacks.chargebacks import REASONS

    return REASONS
