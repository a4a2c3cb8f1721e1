"""The console: the web application for the company's people. Each page is a module, a template and a row in a table."""
