"""What calls cost where Conekta takes its time: round trips of one call, and many calls in flight."""
