/// <reference lib="dom" />

/** What an element is given: attributes, properties that begin with a dot, and listeners that begin with `on`. */
export type Props = Readonly<Record<string, unknown>>;
/** What stands in an element. */
export type Child = Node | string | number | undefined | false | null;

const SVG = "http://www.w3.org/2000/svg";

/** An element of HTML. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  attributes(element, props);
  append(element, children);
  return element;
}

/** An element of SVG. */
export function s(
  tag: string,
  props: Props = {},
  ...children: Child[]
): SVGElement {
  const element = document.createElementNS(SVG, tag);
  attributes(element, props);
  append(element, children);
  return element;
}

/** Gives an element attributes, properties and listeners. */
export function attributes(element: Element, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false || value === null) continue;
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value as EventListener);
    } else if (name.startsWith(".")) {
      (element as unknown as Record<string, unknown>)[name.slice(1)] = value;
    } else if (name.startsWith("--")) {
      // Not as an attribute: the policy of the page allows no styles in the markup.
      (element as HTMLElement).style.setProperty(name, String(value));
    } else element.setAttribute(name, value === true ? "" : String(value));
  }
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === false || child === null) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** Puts other children in. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren();
  append(element, children);
}
