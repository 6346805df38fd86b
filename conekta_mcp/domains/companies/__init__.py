"""Companies of a holding, and the documents they upload."""
