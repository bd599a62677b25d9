"""What lines of text say: small networks for digits and words, the large one for the rest.

Others use `digits.DigitReader`, `words.WordReader` and `recognition.read_crops`.
"""
