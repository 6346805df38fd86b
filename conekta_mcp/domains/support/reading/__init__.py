"""Reading what people say of times and numbers: days, weekdays, nights, ranges, numbers in words."""
