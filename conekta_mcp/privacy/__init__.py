"""What answers may show: masked personal data, and text that other people typed."""
