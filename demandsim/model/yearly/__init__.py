"""What is counted once a year, from everybody."""
