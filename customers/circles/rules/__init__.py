"""Who belongs together: arithmetic on whole columns. Lines are places 0..n-1 in rising order of their ids."""
