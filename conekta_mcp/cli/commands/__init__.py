"""The commands: one file each, of the command's name."""
