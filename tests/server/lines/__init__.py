"""Lines of stdin: messages and unreadable lines."""
