"""The entry of `conekta-mcp` and `python -m conekta_mcp`."""

import gc
import sys


def main() -> None:
    """Run the command line; the collector rests while modules are imported: a tenth of start-up."""
    gc.disable()
    from conekta_mcp.cli import run_command

    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
