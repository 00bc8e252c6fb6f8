import type { CountedHead } from './frame.js';

/** A head made ready for matching. */
export interface HeadEntry {
  readonly head: CountedHead;
  readonly end: number;
  /** More fields than this is no head. */
  readonly most: number;
  /** The comma after this many fields ends the head; 0 where another byte ends it. */
  readonly closing: number;
  /** By field: true where every layout wants the length there, so that anything but digits is no head. */
  readonly digits: readonly boolean[];
}

/** A tree over the prefixes: one step a byte. Nearly all nodes have one child, so lists beat maps here. */
export interface HeadNode {
  readonly bytes: number[];
  readonly nodes: HeadNode[];
  entry: HeadEntry | undefined;
}

/** The node behind `byte`, if any prefix goes on so. */
export function childOf(node: HeadNode, byte: number): HeadNode | undefined {
  const { bytes } = node;
  for (let i = 0; i < bytes.length; i += 1) if (bytes[i] === byte) return node.nodes[i];
  return undefined;
}

/** Compiles declared heads. Where one prefix begins another, or stands twice, the shorter or first one counts. */
export function headTable(heads: readonly CountedHead[]): HeadNode {
  const root = leaf();
  for (const head of heads) {
    if (head.prefix.length === 0 || head.layouts.length === 0) continue;
    let node = root;
    for (let i = 0; i < head.prefix.length; i += 1) {
      const code = head.prefix.charCodeAt(i);
      let next = childOf(node, code);
      if (next === undefined) {
        next = leaf();
        node.bytes.push(code);
        node.nodes.push(next);
      }
      node = next;
    }
    node.entry ??= entryOf(head);
  }
  return root;
}

function leaf(): HeadNode {
  return { bytes: [], nodes: [], entry: undefined };
}

function entryOf(head: CountedHead): HeadEntry {
  const closing = head.end === ',' ? (head.layouts[0]?.fields ?? 0) : 0;
  const layouts = closing > 0 ? head.layouts.slice(0, 1) : head.layouts;
  const most = Math.max(...layouts.map((layout) => layout.fields));
  const digits = Array.from({ length: most }, (_, field) =>
    layouts.every((layout) => layout.fields <= field || layout.length === field));
  return { head, end: head.end.charCodeAt(0), most, closing, digits };
}
