// Without a connection a page of the tutor desk is one page that knows nobody. Nothing else is ever kept: each page comes from
// the network. SCOPE, PAGE and PARTS stand above; the parts' addresses change with each release.
const NAME = `offline ${PARTS.join(" ")}`;

const fresh = (path) => new Request(path, { cache: "reload", credentials: "omit" });

self.addEventListener("install", (event) => {
  const put = async () => {
    const cache = await caches.open(NAME);
    await cache.add(fresh(PAGE));
    await cache.addAll(PARTS);
    await self.skipWaiting();
  };
  event.waitUntil(put());
});

// What an older release kept goes when this one has all of its own.
self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name !== NAME) await caches.delete(name);
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  const ours = request.mode === "navigate" && (pathname === SCOPE || pathname.startsWith(`${SCOPE}/`));
  const kept = ours ? PAGE : PARTS.find((part) => part === pathname);
  if (!kept) return;
  const otherwise = async (error) => {
    const page = await (await caches.open(NAME)).match(kept, { ignoreVary: true });
    if (page) return page;
    throw error;
  };
  event.respondWith(fetch(request).catch(otherwise));
});
