"""Entry point of `conekta-mcp` and `python -m conekta_mcp`."""

import gc
import signal
import sys


def main() -> None:
    # Collecting garbage while modules are imported takes a tenth of start-up; cli/serve.py enables it again.
    gc.disable()
    from conekta_mcp.cli import run_command

    # As PID 1 a process ends at a signal only if it says so; commands that serve replace this.
    signal.signal(signal.SIGTERM, _leave)
    try:
        sys.exit(run_command(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def _leave(number: int, _: object) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
