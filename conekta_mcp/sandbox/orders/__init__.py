"""The sandbox: orders, their lines, captures and refunds."""
