"""The texts of the commands, in Spanish and English: one table per command."""
