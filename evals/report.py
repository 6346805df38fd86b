"""The table and the JSON of a run."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from evals.play import Play

HEAD = (
    "task",
    "view",
    "right",
    "state",
    "claims",
    "lacks",
    "calls",
    "failed",
    "asked",
    "tokens",
    "bytes",
    "ended",
)


def write_table(plays: Sequence[Play]) -> str:
    """Return a row for each play and one of sums."""
    rows = [HEAD, *(_write_row(play) for play in plays), _write_sums(plays)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _write_row(play: Play) -> tuple[str, ...]:
    state, right = _say(play.has_right_state), _say(play.is_right)
    return (play.task, play.view, right, state, *_count([play]), play.ended)


def _write_sums(plays: Sequence[Play]) -> tuple[str, ...]:
    right, states = (sum(one.is_right for one in plays), sum(one.has_right_state for one in plays))
    return ("all", "", f"{right}/{len(plays)}", f"{states}/{len(plays)}", *_count(plays), "")


def _count(plays: Sequence[Play]) -> tuple[str, ...]:
    counts = (
        sum(play.wrong_claims for play in plays),
        sum(play.missing for play in plays),
        sum(play.usage.calls for play in plays),
        sum(play.usage.failed_calls for play in plays),
        sum(play.questions for play in plays),
        sum(play.usage.input_tokens + play.usage.output_tokens for play in plays),
        sum(play.usage.answer_bytes for play in plays),
    )
    return tuple(str(count) for count in counts)


def _say(right: bool) -> str:
    return "yes" if right else "NO"


def build_report(plays: Sequence[Play], model: str) -> dict[str, Any]:
    return {
        "model": model,
        "right": sum(play.is_right for play in plays),
        "right_states": sum(play.has_right_state for play in plays),
        "wrong_claims": sum(play.wrong_claims for play in plays),
        "plays": [{**asdict(play), "right": play.is_right} for play in plays],
    }
