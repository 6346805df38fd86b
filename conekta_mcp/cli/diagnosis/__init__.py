"""What `doctor` examines: the network, the safeguards, keys and accounts."""
