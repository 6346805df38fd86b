"""What to type where a shell does not find this program by its name, as in a checkout after `make demo`."""

import shlex
import shutil
import sys
from pathlib import PurePath

PROGRAM = "conekta-mcp"
OFF_PATH = {
    "es": "Tu terminal no encuentra conekta-mcp por su nombre. En su lugar escribe: {command}",
    "en": "Your shell does not find conekta-mcp by its name. Type this in its place: {command}",
}


def describe_own_path(language: str) -> str | None:
    """Return the line for a program that was started by its path; None where its name would do."""
    started = sys.argv[0]
    if PurePath(started).stem != PROGRAM or PurePath(started).name == started or shutil.which(PROGRAM):
        return None
    return OFF_PATH[language].format(command=shlex.quote(started))
