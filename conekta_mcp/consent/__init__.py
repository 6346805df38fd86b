"""A person's approval: the question they are asked, the sealed approval, and every way to go without one."""
