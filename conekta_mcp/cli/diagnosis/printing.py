"""How the findings of the doctor are printed: a line each, or one JSON array."""

import json
from collections.abc import Sequence

from conekta_mcp.cli.diagnosis.safeguards import Finding
from conekta_mcp.cli.starting.own_path import describe_own_path
from conekta_mcp.cli.tables import paint
from conekta_mcp.cli.words.doctor import NAMES, choose_words

COLOURS = {"ok ": "green", "WARN": "yellow", "FIX": "red"}


def print_json(findings: Sequence[Finding]) -> None:
    print(json.dumps([to_facts(finding) for finding in findings], ensure_ascii=False, indent=2))


def to_facts(finding: Finding) -> dict[str, str]:
    mark = {"ok ": "ok", "WARN": "warn", "FIX": "fix"}[finding.mark]
    facts = {"name": finding.name, "profile": finding.profile, "result": mark, "found": finding.found}
    return {key: text for key, text in {**facts, "fix": finding.fix}.items() if text is not None}


def print_lines(findings: Sequence[Finding], language: str) -> None:
    """Print each finding and what to do; and how to call this program, where that is not its name."""
    for finding in findings:
        _print_finding(finding, language)
    own_path = describe_own_path(language)
    if own_path and any(finding.fix for finding in findings):
        print(own_path)


def _print_finding(finding: Finding, language: str) -> None:
    name = NAMES[finding.name] if language == "es" else finding.name
    if finding.profile:
        name = choose_words(language)("profile", profile=finding.profile, name=name)
    print(f"{paint(finding.mark, COLOURS[finding.mark])} {name}: {finding.found}")
    if finding.fix:
        print(f"    {finding.fix}")
