// The service worker. It caches one page to show without a connection, and that page's parts. All of it is public: no
// account's page and no typed text is ever cached (docs/decisions/0042-*).
const CACHE = "offline-{{build}}";
const PAGE = "/offline.html";
const PARTS = ["/offline.js", "/favicon.svg", "{{stylesheet}}"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([PAGE, ...PARTS])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    await self.registration.navigationPreload?.enable();
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

// A full page always comes from the network. A form that could not be posted is shown again once the server is back.
async function page(event) {
  const { request } = event;
  try {
    return (await event.preloadResponse) ?? (await fetch(request));
  } catch {
    return request.method === "GET" ? caches.match(PAGE) : Response.redirect(request.referrer || "/", 303);
  }
}

// Apart from pages, only the parts of the offline page come from the cache, and only when the network fails.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (PARTS.includes(pathname)) event.respondWith(fetch(request).catch(() => caches.match(pathname)));
});

// A push says no more than the email. What is not ours, or has no text, is shown without any.
self.addEventListener("push", (event) => {
  const { title = "RxConnect", body = "", path = "/inbox" } = readPush(event.data);
  const shown = { body, icon: "/icon-192.png", badge: "/icon-192.png", tag: path, data: { path } };
  event.waitUntil(self.registration.showNotification(title, shown));
});

function readPush(data) {
  try {
    return data?.json() ?? {};
  } catch {
    return {};
  }
}

// Goes to the page in an open window, or in a new one. An address that leads elsewhere is not followed.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const target = new URL(event.notification.data?.path ?? "/inbox", location.origin);
  if (target.origin !== location.origin) return;
  const open = async () => {
    const [window] = await self.clients.matchAll({ type: "window" });
    const shown = await window?.navigate(target.href).catch(() => null);
    return shown ? shown.focus() : self.clients.openWindow(target.href);
  };
  event.waitUntil(open());
});
