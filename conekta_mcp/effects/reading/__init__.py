"""Reads of Conekta: several at once, ids that a person types, and which rows of a list are new."""
