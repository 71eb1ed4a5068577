import type { Pipeline, StageInstance } from '../../config/index.ts';
import { layOut } from '../../graph/layout.ts';
import { curve, edgesOf, extent } from '../../graph/svg.ts';
import { kindOf } from '../../graph/text.ts';
import type { Drawing } from '../model/plan.ts';

/** Sizes in px. The widths of letters are those of common monospaced fonts, rounded up. */
const nameLetter = 8;
const kindLetter = 6.8;
/** Left of the text with the mark, and right of it. */
const padding = 46;
const boxHeight = 52;
const longestKind = 34;

/** Where the page draws the stages and what joins them. */
export async function drawingOf(pipeline: Pipeline): Promise<Drawing> {
  const sizes = new Map(pipeline.instances.map((instance) => [instance.name, sizeOf(instance)]));
  const layout = await layOut(sizes, edgesOf(pipeline));
  const { top, right, bottom } = extent(layout);
  return {
    left: 0,
    top,
    width: right,
    height: bottom - top,
    boxes: pipeline.instances.map((instance) => {
      const { x, y, width, height } = layout.nodes.get(instance.name)!;
      const place = { x: x - width / 2, y: y - height / 2, width, height };
      return { stage: instance.name, kind: shortKind(instance), ...place };
    }),
    edges: layout.edges.map(({ from, to, points }) => ({ from, to, path: curve(points) })),
  };
}

/** A kind as it fits into a box; the whole of a long command is told elsewhere. */
function shortKind(instance: StageInstance): string {
  const kind = kindOf(instance);
  return kind.length > longestKind ? `${kind.slice(0, longestKind - 1)}…` : kind;
}

function sizeOf(instance: StageInstance): { width: number; height: number } {
  const letters = Math.max(instance.name.length * nameLetter, shortKind(instance).length * kindLetter);
  return { width: Math.ceil(letters) + padding, height: boxHeight };
}
