"""The real server over stdio, with a clock that is ahead: `python served.py SECONDS`."""

import sys
import time

import anyio

from conekta_mcp.app import App
from conekta_mcp.settings import read_settings

ahead = float(sys.argv[1])
anyio.run(App(read_settings(), clock=lambda: time.time() + ahead).serve_stdio)
