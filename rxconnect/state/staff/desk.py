"""The first page for staff: the account's roles, facilities and sign-ins."""

import reflex as rx

from rxconnect.domain.accounts import Actor, Permission, PostView, SignInView
from rxconnect.i18n import _
from rxconnect.services.accounts import sign_in_views
from rxconnect.services.accounts import staff as staff_posts
from rxconnect.state.caller import Caller
from rxconnect.state.guard import Id, staff
from rxconnect.state.session import Screen, SessionState
from rxconnect.state.transactions import read, write


class StaffState(Screen, rx.State):
    """The roles and sign-ins of a member of staff, until the review desk exists."""

    posts: list[PostView] = []
    lead: str = ""
    sign_ins: list[SignInView] = []
    may_show_demos: bool = False

    @staff
    async def load(self, caller: Caller):
        """Load the roles, facilities and sign-ins."""
        self.sign_ins, self.posts = await caller.read(_page_data)
        self.lead = " · ".join(f"{post.role}, {post.facility}" for post in self.posts)
        self.may_show_demos = bool(caller.actor.facilities(Permission.SHOW_DEMOS))
        self.ready = True

    @staff
    async def end_sign_in(self, actor: Actor, sign_in_id: Id):
        """End one of the account's sign-ins."""
        await write(sign_in_views.end_sign_in, actor, sign_in_id)
        self.sign_ins = await read(sign_in_views.my_sign_ins, actor)
        (await self.get_state(SessionState))._show_notice(_("That browser was signed out."))


def _page_data(session, actor: Actor) -> tuple[list[SignInView], list[PostView]]:
    return sign_in_views.my_sign_ins(session, actor), staff_posts.my_posts(session, actor)
