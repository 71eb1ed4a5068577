import type { StageState, State } from './state.ts';

/** What a run must do. */
export interface Expected {
  readonly ran: readonly string[];
  readonly executions: readonly string[];
  readonly joined: Readonly<Record<string, string>>;
}

interface Row {
  readonly id: string;
  readonly text: string;
}

/**
 * The cache as its users understand it, in a page: a stage runs if and only if it never ran with this code, these params
 * and these contents of its inputs; a row is computed if and only if it never was with this code, these params and this
 * content. No files, no hashes, no processes.
 */
export class Reference {
  readonly #stages = new Set<string>();
  readonly #rows = new Set<string>();

  run(state: State): Expected {
    const ran: string[] = [];
    const executions: string[] = [];
    const joined: Record<string, string> = {};
    const tables = new Map<string, readonly Row[]>();
    const contents = new Map<string, string>();
    // Two stages with the same key in one run: whether the second runs depends on which was faster.
    for (const stage of state.stages) {
      const inputs =
        stage.kind === 'words' ? [sourceRows(state)] : stage.inputs.map((name) => tables.get(name)!);
      const known = JSON.stringify([
        stage.kind,
        state.code[stage.kind],
        stage.kind === 'words' ? null : stage.end,
        // Whole-table stages see which stage a table is from.
        stage.kind === 'join' ? stage.inputs : null,
        stage.kind === 'words' ? inputs : stage.inputs.map((name) => contents.get(name)),
      ]);
      const runs = !this.#stages.has(known);
      this.#stages.add(known);
      if (runs) ran.push(stage.name);
      if (stage.kind === 'join') {
        if (runs) executions.push(`join ${stage.end}`);
        const length = inputs.map((rows) => rows.map(({ text }) => text).join('+')).join('|').length;
        joined[stage.name] = `${length}${stage.end}${state.code.join}`;
        continue;
      }
      const made = inputs[0].map((row) => this.#row(state, stage, row, runs, executions));
      tables.set(stage.name, made);
      // A row's table names what the row was made from: the same text from another file content is another table.
      contents.set(stage.name, JSON.stringify([made, inputs[0]]));
    }
    return { ran: ran.sort(), executions: executions.sort(), joined };
  }

  #row(state: State, stage: StageState, row: Row, runs: boolean, executions: string[]): Row {
    const end = stage.kind === 'words' ? '' : stage.end;
    const known = JSON.stringify([stage.kind, state.code[stage.kind], end, row]);
    if (runs && !this.#rows.has(known)) {
      this.#rows.add(known);
      executions.push(stage.kind === 'words' ? `words ${row.id}` : `mark ${end} ${row.id}`);
    }
    const text = stage.kind === 'words' ? row.text.trim() : row.text;
    return { id: row.id, text: `${text}${end}${state.code[stage.kind]}` };
  }
}

function sourceRows({ files }: State): Row[] {
  return Object.keys(files)
    .sort()
    .map((name) => ({ id: `${name}.txt`, text: files[name] }));
}
