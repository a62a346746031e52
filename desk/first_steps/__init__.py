"""From an empty database to a desk that works, in ten guided minutes: what is left to do, read from the desk itself."""
