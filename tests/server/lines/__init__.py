"""Lines of stdin: those that are messages, and those that are none."""
