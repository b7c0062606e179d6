"""Icons on a 24 × 24 grid with one stroke. They are always beside words, so screen readers skip them."""

import reflex as rx

_PATHS = {
    "home": "M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z",
    "envelope": "M5.5 5h13A2.5 2.5 0 0 1 21 7.5v9a2.5 2.5 0 0 1-2.5 2.5h-13A2.5 2.5 0 0 1 3 16.5v-9A2.5 2.5 0 0 1 5.5 5zM4 7.5l8 6 8-6",
    "credits": "M5.5 6h13A2.5 2.5 0 0 1 21 8.5v8a2.5 2.5 0 0 1-2.5 2.5h-13A2.5 2.5 0 0 1 3 16.5v-8A2.5 2.5 0 0 1 5.5 6zM3 10.5h18M7 15h4",
    "people": "M12.5 8a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zM3 20c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5"
    "M16 5.2a3.3 3.3 0 0 1 0 6M17.5 14.8c2.2.6 3.5 2.5 3.5 5.2",
    "receipt": "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6",
    "person": "M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM4.5 20.5c.4-3.9 3.5-6.5 7.5-6.5s7.1 2.6 7.5 6.5",
    "place": "M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21zM14.5 9.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
    "search": "M17 10.5a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0zM15.5 15.5L20 20",
    "pen": "M4 20l1-4.5L16.5 4a2.1 2.1 0 0 1 3 3L8.5 19zM14.5 6l3.5 3.5",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "close": "M6 6l12 12M18 6L6 18",
    "back": "M14.5 5.5L8 12l6.5 6.5",
    "leave": "M14 4h4.5A1.5 1.5 0 0 1 20 5.5v13a1.5 1.5 0 0 1-1.5 1.5H14M10 8l-4 4 4 4M6 12h9.5",
    "lock": "M7 10.5V8a5 5 0 0 1 10 0v2.5M6 10.5h12v9H6z",
    "download": "M12 4v10.5M7.5 10.5L12 15l4.5-4.5M5 19.5h14",
    "print": "M7 8V4h10v4M7 17H4v-7a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v7h-3M7 14h10v6H7z",
    "chart": "M4 20h16M7 16v-5M12 16V6M17 16v-8",
    "star": "M12 4l2.5 5.1 5.6.8-4 4 1 5.6-5.1-2.7-5 2.7 1-5.6-4.1-4 5.6-.8z",
    "question": "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.8M12 16.8v.2",
    "drafts": "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h4",
}

# They point where the reader comes from, so they turn round in a language that is written from right to left.
_POINTING = ("back", "leave")


def icon(name: str) -> rx.Component:
    """The icon called `name`, in the colour of the text around it."""
    return rx.el.svg(
        rx.el.path(d=_PATHS[name]),
        view_box="0 0 24 24",
        class_name="icon turns" if name in _POINTING else "icon",
        custom_attrs={"aria-hidden": "true"},
    )


def brand_mark() -> rx.Component:
    """The envelope of the brand."""
    return rx.el.svg(
        rx.el.rect(x="2", y="6", width="28", height="20", rx="4", class_name="brand-paper"),
        rx.el.path(d="M4 9l12 9 12-9M4 24l9-8M28 24l-9-8", class_name="brand-flap"),
        view_box="0 0 32 32",
        custom_attrs={"aria-hidden": "true"},
    )
