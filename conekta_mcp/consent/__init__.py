"""A person's approval: the question, the sealed approval, and each way in which a call goes without one."""
