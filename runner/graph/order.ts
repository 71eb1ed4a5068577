/** A node with the names of the nodes it needs. */
export interface GraphNode {
  readonly name: string;
  readonly needs: readonly string[];
}

export interface Ordered {
  /** Names so that each comes after all it needs; of those ready, the one given first. Nodes of cycles are absent. */
  readonly order: readonly string[];
  /** Each as `a → b → a`, an arrow pointing from what is needed to what needs it. */
  readonly cycles: readonly (readonly string[])[];
}

/** Kahn's algorithm with the ready nodes in a heap by their place in `nodes`. Needs that are no node are ignored. */
export function topologicalOrder(nodes: readonly GraphNode[]): Ordered {
  const indices = new Map(nodes.map((node, i) => [node.name, i]));
  const needs = nodes.map((node) => [
    ...new Set(node.needs.map((name) => indices.get(name)).filter((i) => i !== undefined)),
  ]);
  const neededBy: number[][] = nodes.map(() => []);
  needs.forEach((list, i) => {
    list.forEach((need) => neededBy[need].push(i));
  });
  const waiting = needs.map((list) => list.length);
  const ready = new Heap();
  waiting.forEach((count, i) => {
    if (count === 0) {
      ready.push(i);
    }
  });
  const order: string[] = [];
  for (let i = ready.pop(); i !== undefined; i = ready.pop()) {
    order.push(nodes[i].name);
    for (const user of neededBy[i]) {
      if (--waiting[user] === 0) {
        ready.push(user);
      }
    }
  }
  const cycles = order.length === nodes.length ? [] : findCycles(needs, waiting);
  return { order, cycles: cycles.map((cycle) => cycle.map((i) => nodes[i].name)) };
}

/**
 * Every node left waiting needs another that waits, so following one need from each runs into a cycle. Each cycle
 * found is real; cycles that share a node with one found may show only after that one is mended.
 */
function findCycles(needs: readonly (readonly number[])[], waiting: readonly number[]): number[][] {
  const cycles: number[][] = [];
  const visited = new Set<number>();
  for (let start = 0; start < needs.length; start++) {
    const path: number[] = [];
    const positions = new Map<number, number>();
    let node: number | undefined = waiting[start] > 0 ? start : undefined;
    while (node !== undefined && !visited.has(node)) {
      visited.add(node);
      positions.set(node, path.length);
      path.push(node);
      node = needs[node].find((need) => waiting[need] > 0);
    }
    const from = node === undefined ? undefined : positions.get(node);
    if (from !== undefined) {
      cycles.push(fromSmallest(path.slice(from).reverse()));
    }
  }
  return cycles;
}

/** The cycle begun at the node given first, and closed by it. */
function fromSmallest(cycle: number[]): number[] {
  const start = cycle.indexOf(Math.min(...cycle));
  return [...cycle.slice(start), ...cycle.slice(0, start), cycle[start]];
}

/** A binary heap of numbers, the smallest first. */
class Heap {
  private readonly items: number[] = [];

  push(item: number): void {
    let i = this.items.push(item) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (this.items[parent] <= item) {
        break;
      }
      this.items[i] = this.items[parent]!;
      i = parent;
    }
    this.items[i] = item;
  }

  pop(): number | undefined {
    const top = this.items[0];
    const last = this.items.pop();
    if (last === undefined || this.items.length === 0) {
      return top;
    }
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.items.length) {
        break;
      }
      if (child + 1 < this.items.length && this.items[child + 1] < this.items[child]) {
        child++;
      }
      if (this.items[child] >= last) {
        break;
      }
      this.items[i] = this.items[child]!;
      i = child;
    }
    this.items[i] = last;
    return top;
  }
}
