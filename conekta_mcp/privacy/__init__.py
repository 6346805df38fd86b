"""What answers may show: masking of personal data, and marking of text that other people typed."""
