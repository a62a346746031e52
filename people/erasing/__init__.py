"""A person is erased: what is his goes, what is the desk's stays without him (decision 25)."""
