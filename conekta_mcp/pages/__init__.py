"""Web pages on which a person reads a question and answers it: on this computer, or in an inbox."""
