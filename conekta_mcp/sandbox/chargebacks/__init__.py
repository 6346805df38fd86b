"""The sandbox: chargebacks and their evidence."""
