"""What a training needs of a dataset, as TerraTorch reads it, and tunes: what a model is to be trained on, and how."""
