"""The people who may approve over HTTP: where they are kept, their passphrases, sessions and bounds of sign-in."""
