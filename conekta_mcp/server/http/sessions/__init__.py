"""The sessions of HTTP: their bounds, the gate that counts them, and what a request says of its session."""
