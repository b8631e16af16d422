"""The benchmark: what a load of conversations costs the site, and what it does to those who watch.

`make bench` runs it; `python -m tests.bench --help` names its options. Upstream, site and client are processes of their
own; the same load is also put straight to the upstream, so that what the site adds can be told from what was there.
"""
