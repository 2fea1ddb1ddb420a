/** The prefix of URLs that a place is, if it is none in a file system. Both are known to be good before anything is asked for. */
export function prefixOf(place: string | URL): URL | undefined {
  if (!/^https?:/i.test(String(place))) return undefined;
  const base = new URL(place);
  if (!base.pathname.endsWith("/") || base.search || base.hash) {
    throw new TypeError(
      `Cannot take ${place} as a prefix: it has to end with "/", and have no query`,
    );
  }
  return base;
}
