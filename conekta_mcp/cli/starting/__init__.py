"""From a command to a running server: greeting, checks, sockets, signals, the log."""
