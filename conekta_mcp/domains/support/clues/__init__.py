"""Reads clues about a payment in a text: amounts, times, ids, ends of numbers and words."""
