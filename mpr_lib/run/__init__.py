"""How a month is produced: parameters, kernel, gate, conversion, publishing and the command line."""
