"""What all curated results share: the base model, pages, readable money and time."""
