"""What one engine read, checked against the words that a second engine read on the same picture.

The worker calls `compare.hold_against` for a whole reading. The local engine makes the words by
`print_lines.words_of`.
"""
