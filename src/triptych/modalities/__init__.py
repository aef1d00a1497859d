"""How rasters are looked at, cut up and measured: one folder per modality, none knows files of another."""
