import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { bytesOfName, nameOfBytes } from '../../../runner/fingerprint/file-names.ts';

/** A node of a tree to be made on the disk. */
export type Node =
  | { readonly type: 'file'; readonly text: string; readonly mode: number }
  | { readonly type: 'link'; readonly to: 'file' | 'folder'; readonly text: string }
  | { readonly type: 'folder'; readonly entries: ReadonlyMap<string, Node> };

export type Folder = Extract<Node, { type: 'folder' }>;

const name = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'a.txt',
    '.a',
    '.env',
    'a b',
    'a\nb',
    'a\\b',
    '*',
    '[a]',
    'é',
    'e\u0301',
    '\ufffd',
  ),
  fc
    .uint8Array({ min: 0x80, max: 0xff, minLength: 1, maxLength: 3 })
    .map((bytes) => nameOfBytes(Buffer.from(bytes))),
);
const text = fc.constantFrom('', 'x', 'y', 'x\0');
const mode = fc.constantFrom(0o644, 0o600, 0o755, 0o744);

const { folder } = fc.letrec<{ folder: Folder; node: Node }>((tie) => ({
  folder: fc.record({
    type: fc.constant('folder' as const),
    entries: fc
      .uniqueArray(fc.tuple(name, tie('node')), { selector: ([key]) => key, maxLength: 4 })
      .map((entries) => new Map(entries)),
  }),
  node: fc.oneof(
    { maxDepth: 3 },
    fc.record({ type: fc.constant('file' as const), text, mode }),
    fc.record({
      type: fc.constant('link' as const),
      to: fc.constantFrom('file' as const, 'folder' as const),
      text,
    }),
    tie('folder'),
  ),
}));

export const arbitraryFolder = folder;

/** Makes a folder. What links lead to lies beside it; `reversed` makes what lies in it in the other order. */
export function make(path: string, made: Folder, reversed = false): void {
  mkdirSync(`${path}-ends`);
  let ends = 0;
  const makeNode = (at: Buffer, node: Node): void => {
    switch (node.type) {
      case 'file':
        writeFileSync(at, node.text);
        chmodSync(at, node.mode);
        break;
      case 'link': {
        ends += 1;
        const end = `${path}-ends/${ends}`;
        if (node.to === 'folder') mkdirSync(end);
        writeFileSync(node.to === 'folder' ? `${end}/inside` : end, node.text, { mode: 0o644 });
        symlinkSync(end, at);
        break;
      }
      case 'folder': {
        mkdirSync(at);
        const entries = [...node.entries];
        for (const [last, inner] of reversed ? entries.reverse() : entries) {
          makeNode(Buffer.concat([at, Buffer.from('/'), bytesOfName(last)]), inner);
        }
      }
    }
  };
  makeNode(Buffer.from(path), made);
}

/** All that a tree is, links followed: equal texts, equal trees. */
export function described(node: Node): string {
  switch (node.type) {
    case 'file':
      return JSON.stringify(['file', node.text, node.mode & 0o111]);
    case 'link': {
      const end = JSON.stringify(['file', node.text, 0]);
      return node.to === 'file' ? end : JSON.stringify(['folder', [['inside', end]]]);
    }
    case 'folder': {
      const entries = [...node.entries].map(
        ([last, inner]) => [bytesOfName(last).toString('hex'), inner] as const,
      );
      const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
      return JSON.stringify(['folder', sorted.map(([last, inner]) => [last, described(inner)])]);
    }
  }
}
