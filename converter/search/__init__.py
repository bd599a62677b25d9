"""Search: the words of every image, kept beside it, and the images that hold what is asked for.

`words` makes words of texts and of queries, the same for every database. Whoever stores a text of
an image tells `index`; doors ask `converter.review.finding`, which knows what the words stand for.
"""
