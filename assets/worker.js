// The service worker. It keeps one page of our own for when there is no connection, and what that page is made of. All of
// it is public: no page of anybody's, and nothing that anybody typed, is ever kept here (docs/decisions/0042-*).
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

// A whole page comes from the network, always. A form that could not be posted is shown again when we can be reached.
async function page(event) {
  const { request } = event;
  try {
    return (await event.preloadResponse) ?? (await fetch(request));
  } catch {
    return request.method === "GET" ? caches.match(PAGE) : Response.redirect(request.referrer || "/", 303);
  }
}

// Of everything else only the parts of that page are ever answered from here, and only when the network has none.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (PARTS.includes(pathname)) event.respondWith(fetch(request).catch(() => caches.match(pathname)));
});
