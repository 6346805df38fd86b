"""The parts of `demo`: the journey of a payment, and an approval."""
