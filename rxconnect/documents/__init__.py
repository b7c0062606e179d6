"""Files for people to keep: PDF on our own paper, and tables for a spreadsheet. Read models in, bytes out.

A room of its own, since these are to paper what pages are to a browser: they show read models, in words that a service made,
and ask nobody for anything. So this imports the domain alone, and only the edge imports it.
"""
