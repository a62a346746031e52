"""Whether the world can tell that this desk's mail is its own: SPF, DKIM, DMARC of what it sends from."""
