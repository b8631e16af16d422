"""`make torture`: kill -9 at random moments, then compare what sockets saw with what the database and a reload show.

Bounded and seedable: SEED=7 ROUNDS=20 make torture. A short run of it is in the test suite.
"""
