/** Keeps the files of the page, so that it works offline. */

declare const __FILES__: string[];
declare const __BUILD__: string;

const worker = self as unknown as ServiceWorkerGlobalScope;
const NAME = `sre-explorer-${__BUILD__}`;
/** Large files that are kept once they were asked for. */
const LATER = /(?:names|engine|source)-[^/]*\.wasm$|\/pyodide\//;

worker.addEventListener("install", (event) => {
  const first = ["./", ...__FILES__].filter((file) => !LATER.test(file));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(first)).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  const remove = async (): Promise<void> => {
    const old = (await caches.keys()).filter((name) => name.startsWith("sre-explorer-") && name !== NAME);
    await Promise.all(old.map((name) => caches.delete(name)));
    await worker.clients.claim();
  };
  event.waitUntil(remove());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  const answer = async (): Promise<Response> => {
    const cache = await caches.open(NAME);
    const found = await cache.match(request, { ignoreSearch: true });
    if (found) return found;
    const response = await fetch(request);
    if (response.ok && LATER.test(url.pathname)) await cache.put(request, response.clone());
    return response;
  };
  event.respondWith(answer());
});
