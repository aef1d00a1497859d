"""DICOM: headers, pixels, series and tags, as values; what PS3 says, by pydicom and imagecodecs."""
