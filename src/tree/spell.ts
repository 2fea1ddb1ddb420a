import { writeGraph } from "../graph/write.ts";
import type { Token, TokenSink } from "../graph/layout.ts";
import type { Registry } from "../registry.ts";
import type { Bytes } from "../types.ts";
import { flatten } from "./flatten.ts";
import { GRAPH } from "./tags.ts";

/** A value in plain data. */
export interface Spelled {
  readonly tree: unknown;
  /** The frames that the tree names, in the order in which they were met. */
  readonly frames: readonly Bytes[];
}

/** A value as a tree; or else as a graph, which has been written. */
export interface SpelledInto<Tokens> extends Spelled {
  readonly graph?: Tokens;
}

/** What the spelling of a value needs from the format it is for. */
export interface SpellOptions<Tokens extends TokenSink> {
  /** Where the serializations are found. */
  readonly registry: Registry;
  /** What stands for a frame: by its place among the frames of this value, or by its bytes. */
  readonly name: (index: number, frame: Bytes) => number | string;
  /** Begins what takes a graph. */
  readonly tokens: () => Tokens;
}

/**
 * Spells a value in plain data, as a tree; or writes it as a graph, if something in it is met twice, or lies very deep.
 *
 * @throws {SerializeError} If it holds something that could not come back as it was; with the path.
 */
export function spellInto<Tokens extends TokenSink>(
  value: unknown,
  { registry, name, tokens }: SpellOptions<Tokens>,
): SpelledInto<Tokens> {
  let frames: Bytes[] = [];
  const keep = (frame: Bytes) => name(frames.push(frame) - 1, frame);
  const begin = () => {
    registry.beginWalk();
    frames = [];
  };
  begin();
  const tree = flatten(value, { registry, keep });
  if (tree !== undefined) return { tree, frames };
  const { tokens: graph } = writeGraph(value, registry, () => {
    begin();
    return { keep, tokens: tokens() };
  });
  return { tree, graph, frames };
}

/**
 * Spells a value in plain data: as a tree, or as a graph in one.
 *
 * @param value The value.
 * @param registry Where the serializations are found.
 * @param name What stands for a frame: by its place among the frames of this value, or by its bytes.
 * @throws {SerializeError} If it holds something that could not come back as it was; with the path.
 */
export function spell(
  value: unknown,
  registry: Registry,
  name: (index: number, frame: Bytes) => number | string,
): Spelled {
  const tokens = () => new ListedTokens();
  const { tree, graph, frames } = spellInto(value, { registry, name, tokens });
  return { tree: graph ? { [GRAPH]: graph.list } : tree, frames };
}

class ListedTokens implements TokenSink {
  readonly list: Token[] = [];

  integer(token: number): void {
    this.list.push(token);
  }

  primitive(token: Token): void {
    this.list.push(token);
  }
}
