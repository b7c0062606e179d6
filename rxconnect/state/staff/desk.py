"""Staff: who is signed in, and for which facilities."""

import reflex as rx

from rxconnect.domain.accounts import PostView
from rxconnect.services.accounts import staff as staff_posts
from rxconnect.state.guard import Caller, staff
from rxconnect.state.session import Screen


class StaffState(Screen, rx.State):
    """What a member of staff sees until the review desk is there."""

    posts: list[PostView] = []
    lead: str = ""

    @staff
    async def load(self, caller: Caller):
        """Roles and facilities."""
        self.posts = await caller.read(staff_posts.my_posts)
        self.lead = " · ".join(f"{post.role}, {post.facility}" for post in self.posts)
        self.ready = True
