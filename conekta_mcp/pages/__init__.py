"""Web pages on which a person answers a question: on this computer, or in an inbox over HTTP."""
