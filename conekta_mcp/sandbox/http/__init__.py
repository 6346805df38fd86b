"""The sandbox: how requests are read and answers written."""
