/** How many colours there are for families in the style sheet. */
const COLOURS = 8;
/** Those that are met most have colours of their own. */
const USUAL = ["json", "pickle", "msgpack", "ndjson"];
const names = [...USUAL];

/** The colour of a family: always the same as long as the page is open. */
export function colourOf(family: string): number {
  let index = names.indexOf(family);
  if (index < 0) index = names.push(family) - 1;
  return index % COLOURS;
}

/** Forgets which colour is whose. */
export function resetColours(): void {
  names.length = USUAL.length;
}

/** What a custom property of the style sheet is now, in light or dark. */
export function colourValue(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name)
    .trim();
}
