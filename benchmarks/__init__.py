"""What things cost, beside what they cost elsewhere. Run by `make bench`."""
