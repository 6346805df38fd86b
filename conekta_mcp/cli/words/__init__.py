"""What the commands say, in Spanish and English: one table a command."""
