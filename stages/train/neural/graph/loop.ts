import type { DataType } from './attributes.ts';
import type { Graph, Output } from './graph.ts';

/** A value that each round of a loop takes from the round before it. */
export interface LoopVariable {
  readonly type: DataType;
  readonly initial: Output;
}

/** What a round is built of. Values from outside of the loop must be taken in by `outer`. */
export interface LoopRound {
  readonly variables: readonly Output[];
  readonly outer: (value: Output, type?: DataType) => Output;
}

/**
 * A loop whose number of rounds is known only when the graph runs, of TensorFlow's control flow operations
 * (Enter, Merge, Switch, NextIteration, Exit).
 *
 * @param name unique in the graph.
 * @param condition gives a bool: whether another round follows.
 * @param body gives the variables of the next round, in their order.
 * @returns the variables after the last round.
 */
export function loop(
  graph: Graph,
  name: string,
  variables: readonly LoopVariable[],
  condition: (round: LoopRound) => Output,
  body: (round: LoopRound) => readonly Output[],
): Output[] {
  const enter = (value: Output, type: DataType, isConstant: boolean): Output =>
    graph.one('Enter', [value], {
      T: { type },
      frame_name: { text: name },
      is_constant: { bool: isConstant },
      parallel_iterations: { integer: 1 },
    });
  const taken = new Map<string, Output>();
  const outer = (value: Output, type: DataType = 'float32'): Output => {
    const key = `${value.operation}:${value.index}`;
    const known = taken.get(key) ?? enter(value, type, true);
    taken.set(key, known);
    return known;
  };
  const nextName = (index: number): string => `${name}/next/${index}`;
  const merged = variables.map(
    ({ type, initial }, index) =>
      graph.add(
        'Merge',
        // The one edge of a graph that leads back: to an operation that is added below.
        [enter(initial, type, false), { operation: nextName(index), index: 0 }],
        { T: { type }, N: { integer: 2 } },
        { outputs: 2 },
      )[0],
  );
  const goesOn = graph.one('LoopCond', [condition({ variables: merged, outer })]);
  const switched = variables.map(({ type }, index) =>
    graph.add('Switch', [merged[index], goesOn], { T: { type } }, { outputs: 2 }),
  );
  const next = body({ variables: switched.map(([, onTrue]) => onTrue), outer });
  for (const [index, { type }] of variables.entries()) {
    graph.one('NextIteration', [next[index]], { T: { type } }, nextName(index));
  }
  return variables.map(({ type }, index) => graph.one('Exit', [switched[index][0]], { T: { type } }));
}
