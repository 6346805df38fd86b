"""Entry point of `conekta-mcp` and `python -m conekta_mcp`."""

import gc
import sys


def main() -> None:
    # Collecting garbage while modules are imported takes a tenth of start-up; cli/serve.py enables it again.
    gc.disable()
    from conekta_mcp.cli import run_command

    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
