"""The sums of sales, equal to the movements of the balance."""
