"""Why a client's file is not changed."""


class CannotRead(Exception):
    """The file does not have the client's format; the message says where, and never quotes it."""


class CannotEdit(Exception):
    """The file is readable, but cannot be edited without changing something else."""
