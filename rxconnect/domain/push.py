"""Web push: the push services that browsers use, and how long a notice is worth showing."""

from datetime import timedelta

# The hosts of the push services of Chrome and its relatives, Firefox, Safari, and Edge. `*.` stands for any names before it.
# Chrome: https://firebase.google.com/docs/cloud-messaging/concept-options · Firefox: https://mozilla-push-service.readthedocs.io
# Safari: https://developer.apple.com/documentation/usernotifications/sending-web-push-notifications-in-web-apps-and-browsers
# Edge: https://learn.microsoft.com/windows/apps/design/shell/tiles-and-notifications/firewall-allowlist-config
PUSH_HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
ENDPOINT_MAX = 1000
# A phone that was off for longer does not show the notice any more.
SHOWN_WITHIN = timedelta(days=1)
# An account shows notices on so many browsers at most.
MOST_BROWSERS = 20
