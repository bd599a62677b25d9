"""Tests of the pages, through the whole stack below them but without a worker."""
