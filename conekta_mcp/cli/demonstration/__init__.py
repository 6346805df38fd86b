"""What `demo` plays: the journey of a payment, and an approval."""
