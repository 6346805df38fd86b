"""The inbox over HTTP: approvers sign in with a passphrase of their own and answer pending approvals."""
