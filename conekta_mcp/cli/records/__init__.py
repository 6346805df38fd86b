"""What commands read in the store and the audit log, and how its lines are written."""
