"""Why a client's file is left as it is."""


class CannotRead(Exception):
    """The file is not in the client's format; says where, and never quotes it."""


class CannotEdit(Exception):
    """The file can be read, and an edit that changes nothing else is not possible."""
