"""Readers of workbooks, archives and JSON documents. They run in a process of their own, which `files.conversion` starts."""
