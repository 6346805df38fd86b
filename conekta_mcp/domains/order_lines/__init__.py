"""Line items, taxes, shipping and discounts of an order."""
