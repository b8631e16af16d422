"""What README, `.env.example`, Makefile and the lock files promise."""
