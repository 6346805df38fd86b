"""Formats the measurements as a table for people and as JSON for programs."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from statistics import median

from bench.pairs import Comparison
from bench.sizes import ToolSize

HEAD = ("what", "ours", "other", "min:min", "ratio", "aim", "")
NOTE = (
    "ours, other: median (min). min:min: the two best runs. ratio: median over pairs that took turns; "
    "the aim is for it.\nother: a server of the same SDK with one tool that passes Conekta's JSON on "
    "(bench/bare_server.py), or what the line says."
)


def as_text(compared: Sequence[Comparison], tools: Sequence[ToolSize]) -> str:
    rows = [HEAD, *(_format_row(one) for one in compared)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    table = [_align_row(row, widths) for row in rows]
    if not any(one.unit == "MiB" for one in compared):
        table.append("peak memory: not measured on this system")
    return "\n".join([*table, "", *_format_tools(tools), "", NOTE])


def as_json(compared: Iterable[Comparison], tools: Iterable[ToolSize]) -> str:
    """Return JSON, with times summarized and without their single runs."""
    return json.dumps(
        {
            "compared": [_summarize_comparison(one) for one in compared],
            "tools": [asdict(tool) for tool in tools],
        },
        indent=2,
    )


def _format_row(one: Comparison) -> tuple[str, ...]:
    aim = "" if one.aim is None else f"<= {one.aim:g}"
    return (
        one.name,
        _format_amount(one.ours, one.unit),
        _format_amount(one.other, one.unit),
        f"{one.ratio_of_minima:.2f}",
        f"{one.ratio:.2f}",
        aim,
        one.verdict,
    )


def _format_amount(values: Sequence[float], unit: str) -> str:
    if len(values) == 1:
        return f"{values[0]:.0f} {unit}"
    digits = 2 if median(values) < 20 else 0
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}) {unit}"


def _align_row(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = [
        cell.ljust(width) if place == 0 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join([first, *rest]).rstrip()


def _format_tools(tools: Sequence[ToolSize]) -> list[str]:
    whole, without = sum(tool.whole for tool in tools), sum(tool.without_output_schema for tool in tools)
    head = f"tools/list: {len(tools)} tools, bytes with and without output schemas"
    lines = [f"  {tool.name:32}{tool.whole:7}{tool.without_output_schema:7}" for tool in tools]
    means = f"  {'mean':32}{whole / len(tools):7.0f}{without / len(tools):7.0f}"
    return [head, *lines, means, f"  {'total':32}{whole:7}{without:7}"]


def _summarize_comparison(one: Comparison) -> dict[str, object]:
    return {
        "name": one.name,
        "unit": one.unit,
        "ours": {"median": median(one.ours), "min": min(one.ours)},
        "other": {"median": median(one.other), "min": min(one.other)},
        "pairs": len(one.ours),
        "ratio": round(one.ratio, 4),
        "ratio_of_minima": round(one.ratio_of_minima, 4),
        "aim": one.aim,
        "verdict": one.verdict or None,
    }
