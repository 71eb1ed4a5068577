import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../errors.ts';
import { resolveNames } from '../graph/index.ts';
import { drawRow, type DrawingOptions, encodePng, formatInspection, inspectPath } from '../inspect/index.ts';
import type { DrawRow } from '../kind/index.ts';
import type { Workspace } from '../workspace.ts';
import type { InspectArguments } from './inspect.ts';
import { loadOf, openWorkspaceOf, type Terminal } from './context.ts';

/** Shows what the arguments name, or draws one row of it. */
export async function inspectArtifacts(args: InspectArguments, terminal: Terminal): Promise<number> {
  if (args.png !== undefined && args.row === undefined) {
    throw new PipelineError([{ message: '--png draws one row', hint: 'Name it with --row ID.' }], 2);
  }
  const targets = existsSync(args.target) ? [{ path: args.target }] : await stagesOf(args);
  for (const target of targets) await show(target, args, terminal);
  return 0;
}

interface Target extends DrawingOptions {
  readonly path: string;
}

async function show(target: Target, args: InspectArguments, terminal: Terminal): Promise<void> {
  if (args.png !== undefined) {
    await writeFile(args.png, encodePng(await drawRow(target.path, args.row!, target)));
    terminal.stdout(`${args.png}\n`);
    return;
  }
  const inspection = await inspectPath(target.path, args.row === undefined ? {} : { row: args.row });
  const text = args.json
    ? JSON.stringify(inspection, null, 2)
    : formatInspection(inspection, { columns: terminal.width, colour: terminal.colour });
  terminal.stdout(`${text}\n`);
}

/** The artifacts that a name stands for, with what is needed to draw their rows. */
async function stagesOf(args: InspectArguments): Promise<Target[]> {
  const workspace = openWorkspaceOf(args);
  const pipeline = await loadOf(workspace, args);
  const names = resolveNames(pipeline, [args.target]);
  if (!names.ok) throw new PipelineError(names.problems, 2);
  const targets: Target[] = [];
  for (const name of names.value) {
    const { uses, inputs } = pipeline.instances.find((instance) => instance.name === name)!;
    const path = folderOf(workspace, name);
    if (uses.type !== 'kind' || uses.kind.type === 'run') targets.push({ path });
    else {
      const draw = await drawingOf(workspace, uses.kind.name);
      const input = uses.kind.type === 'row' ? inputs[uses.kind.input]?.[0] : undefined;
      targets.push({
        path,
        params: uses.params,
        ...(draw !== undefined && { draw }),
        ...(input !== undefined && { inputPath: folderOf(workspace, input) }),
      });
    }
  }
  return targets;
}

/** The kind's own way to draw a row, if it has one. */
async function drawingOf(workspace: Workspace, kind: string): Promise<DrawRow | undefined> {
  return (await workspace.kinds.module(`stages/${kind}/picture.ts`)) as DrawRow | undefined;
}

function folderOf(workspace: Workspace, stage: string): string {
  const folder = workspace.view.folder(stage);
  if (existsSync(folder)) return join(folder);
  const hint = `Run it first: pipeline run '${stage}'`;
  throw new PipelineError([{ message: `${stage} has no artifact yet`, hint }], 2);
}
