"""The files around the code: what the commands of the Makefile rest on."""
