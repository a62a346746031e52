"""What each step asks for: procedures with their conditions, guides and templates."""
