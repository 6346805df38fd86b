"""What `tour` plays: chapters on a new sandbox, what the person is asked, how answers are shown."""
