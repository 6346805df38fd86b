"""The parts of `tour`: chapters on a new sandbox, prompts, and how answers are shown."""
