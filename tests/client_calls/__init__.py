"""Random calls as client layers send them, through real clients and real processes."""
