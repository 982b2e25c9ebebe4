"""The roof: how the world reaches us, over HTTP, a web page and the command line."""
