"""Spanish translations of texts that settings, files and the parser have in English."""
