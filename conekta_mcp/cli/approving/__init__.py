"""Approvals at a terminal: how a question is shown and answered, and whether there is an inbox."""
