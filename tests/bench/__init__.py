"""Speed and memory beside a peer in the same run: `python -m tests.bench [NAME…]`; a broken limit ends it with a status that is not 0."""
