"""Example requests of people for each operation, from `requests.txt` in the folder of its domain."""

from collections.abc import Mapping
from pathlib import Path

DOMAINS_FOLDER = Path(__file__).parents[2] / "domains"
FILE_NAME = "requests.txt"


def read_example_requests() -> Mapping[str, tuple[str, ...]]:
    """Read the requests of every operation, by its name: `[name]` on a line, then a request a line."""
    found: dict[str, list[str]] = {}
    for file in sorted(DOMAINS_FOLDER.glob(f"*/{FILE_NAME}")):
        requests: list[str] = []
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                requests = found.setdefault(line.strip("[]"), [])
            elif line and not line.startswith("#"):
                requests.append(line)
    return {name: tuple(requests) for name, requests in found.items()}
