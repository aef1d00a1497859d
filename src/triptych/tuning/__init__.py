"""What a training with TerraTorch needs of a dataset, and tunes: what a model is to be trained on, and how."""
