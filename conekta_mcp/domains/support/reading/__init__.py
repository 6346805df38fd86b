"""Reads times and numbers in people's words: days, weekdays, nights, ranges, numbers."""
