"""Starts the server of a bundle; its settings are environment variables, which manifest.json sets."""

import sys

from conekta_mcp.__main__ import main

if __name__ == "__main__":
    sys.argv[1:] = ["serve"]
    main()
