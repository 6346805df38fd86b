"""Reading: several requests at once, ids that somebody types, and which rows are new."""
