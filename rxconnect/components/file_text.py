"""A button that puts the text of a file into a field (`file_text.js`)."""

import reflex as rx


class FileText(rx.Component):
    """`field` is the id of the field, and `most_bytes` the largest file that is read."""

    library = "$/utils/file_text.js"
    tag = "FileText"

    field: rx.Var[str]
    label: rx.Var[str]
    most_bytes: rx.Var[int]


file_text = FileText.create
