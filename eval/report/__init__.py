"""Reports: what one evaluation found, as a web page or for a terminal."""
