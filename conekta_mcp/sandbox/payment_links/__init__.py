"""The sandbox: payment links and card tokens."""
