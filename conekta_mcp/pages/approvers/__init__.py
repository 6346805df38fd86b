"""The people who may approve over HTTP: their passphrases, sessions and attempts to sign in."""
