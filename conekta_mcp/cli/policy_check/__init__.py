"""What `policy check` assumes, computes and prints."""
