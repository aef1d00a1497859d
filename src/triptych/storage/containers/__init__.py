"""Safe access to what people upload: zip, tar and folders as lists of members, each read with a cap."""
