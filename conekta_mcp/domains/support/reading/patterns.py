"""Compiles the patterns of what people write: capitals never matter."""

import re


def compile_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
