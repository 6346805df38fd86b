"""The checks of `doctor`: the network, the safeguards, keys and accounts."""
