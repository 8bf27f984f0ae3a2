"""One folder a language; see ../README.md."""
