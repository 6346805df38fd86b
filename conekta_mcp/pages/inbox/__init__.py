"""The pages of the inbox over HTTP, on which approvers sign in and answer pending approvals."""
