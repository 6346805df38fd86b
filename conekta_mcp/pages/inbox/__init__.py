"""The pages of the inbox over HTTP, where approvers sign in and answer pending approvals."""
