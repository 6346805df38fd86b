"""Setting up clients changes nothing else in their files."""
