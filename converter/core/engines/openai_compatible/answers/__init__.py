"""What vision models write, in whatever form, becomes tables and text."""
