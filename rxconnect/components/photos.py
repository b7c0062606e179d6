"""Photos of a letter that was sent: a small picture each, with its caption and what became of it."""

from typing import Any

import reflex as rx

from rxconnect import routes
from rxconnect.components.native import native_link
from rxconnect.components.pieces import pill
from rxconnect.domain.photos import Size


def photo_address(key: Any, size: Size, *, route: str = routes.PHOTO) -> Any:
    """The address of a photo's file. A kiosk has a `route` of its own."""
    return routes.with_query(routes.fill(route, key), size=size.value)


def photo_strip(photos: Any) -> rx.Component:
    """The photos in their order. Each opens in its full size."""
    return rx.cond(
        photos.length() > 0,
        rx.el.ul(rx.foreach(photos, _photo), class_name="photos"),
    )


def photo_image(photo: Any, size: Size, *, route: str = routes.PHOTO) -> rx.Component:
    """A photo as a picture that is loaded once it comes into sight."""
    return rx.el.img(
        src=photo_address(photo.key, size, route=route),
        alt=photo.label,
        loading="lazy",
        decoding="async",
        # Of these, Reflex would make styles.
        custom_attrs={"width": photo.width, "height": photo.height},
    )


def _photo(photo: Any) -> rx.Component:
    return rx.el.li(
        rx.el.figure(
            native_link(
                photo_image(photo, Size.THUMB),
                href=photo_address(photo.key, Size.FULL),
                custom_attrs={"target": "_blank"},
            ),
            rx.cond(photo.caption != "", rx.el.figcaption(photo.caption, class_name="small", dir="auto")),
            rx.cond(photo.status_label != "", pill(photo.status_label, photo.status_tone)),
            rx.cond(photo.reason != "", rx.el.span(photo.reason, class_name="xs muted")),
        ),
    )
