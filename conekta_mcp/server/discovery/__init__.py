"""Tools that find, describe and call the operations that are not listed."""
