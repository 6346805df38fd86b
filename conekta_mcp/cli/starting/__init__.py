"""From a command to a server that runs: greeting, checks, sockets, signals, the log."""
