"""Reports that read several domains: finding and explaining payments, sales, the customer profile."""
