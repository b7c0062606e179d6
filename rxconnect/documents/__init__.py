"""Documents to download: PDFs, and tables for a spreadsheet. Read models in, bytes out.

Like pages, they only show read models and run no service. So this package imports only the domain, and only the edge
imports it.
"""
