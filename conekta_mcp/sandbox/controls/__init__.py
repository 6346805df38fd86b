"""The sandbox: the tester's controls; payers who pay, and faults to inject."""
