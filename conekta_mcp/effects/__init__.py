"""The engine that every domain's writes.py uses: read state, write the question, verify the outcome."""
