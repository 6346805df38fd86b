"""The sandbox: companies, their documents and API keys."""
