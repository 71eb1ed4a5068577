/** Where the layout puts the nodes and edges of a directed graph, in px. */
export interface Layout {
  /** Middle points and sizes by node. */
  readonly nodes: ReadonlyMap<string, Box>;
  readonly edges: readonly LaidOutEdge[];
}

export interface LaidOutEdge {
  readonly from: string;
  readonly to: string;
  /** What it passes through, from the right side of one node to the left side of the other. */
  readonly points: readonly Point[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** The part of dagre in use. Its own declarations cannot be resolved from an ES module, for want of extensions. */
interface Dagre {
  readonly Graph: new () => DagreGraph;
  readonly layout: (graph: DagreGraph) => void;
}

interface DagreGraph {
  setGraph(label: object): void;
  setDefaultEdgeLabel(make: () => object): void;
  setNode(name: string, size: { readonly width: number; readonly height: number }): void;
  setEdge(from: string, to: string): void;
  node(name: string): Box;
  edges(): readonly DagreEdge[];
  edge(edge: DagreEdge): { readonly points: readonly Point[] };
}

interface DagreEdge {
  readonly v: string;
  readonly w: string;
}

/** A layered layout from left to right. dagre is loaded only here, since most commands draw nothing. */
export async function layOut(
  sizes: ReadonlyMap<string, { readonly width: number; readonly height: number }>,
  edges: Iterable<readonly [from: string, to: string]>,
): Promise<Layout> {
  const { Graph, layout } = (await import('@dagrejs/dagre')) as unknown as Dagre;
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 16, ranksep: 48, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [name, size] of sizes) {
    graph.setNode(name, { ...size });
  }
  for (const [from, to] of edges) {
    graph.setEdge(from, to);
  }
  layout(graph);
  return {
    nodes: new Map(Array.from(sizes.keys(), (name) => [name, graph.node(name)])),
    edges: graph.edges().map((edge) => ({
      from: edge.v,
      to: edge.w,
      points: route(graph.node(edge.v), graph.node(edge.w), graph.edge(edge).points),
    })),
  };
}

/** dagre aims at the middles of the nodes; here edges leave on the right, arrive on the left, and pass ranks between. */
function route(from: Box, to: Box, points: readonly Point[]): Point[] {
  const start = { x: from.x + from.width / 2, y: from.y };
  const end = { x: to.x - to.width / 2, y: to.y };
  // Between neighbouring ranks the only point inside is the empty label of the edge.
  const inner = points.length > 3 ? points.slice(1, -1) : [];
  return [start, ...inner.filter(({ x }) => x > start.x && x < end.x), end];
}
