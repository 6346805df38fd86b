"""Reads the peak memory of a running process."""

import re
from pathlib import Path


def read_peak_kib(pid: int) -> int:
    """Read /proc; return 0 where there is none."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    return int(found[1]) if found else 0
