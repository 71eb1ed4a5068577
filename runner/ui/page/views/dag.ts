import type { LiveRun } from '../../model/live-run.ts';
import type { ReadyPlan } from '../../model/plan.ts';
import { shownStage, type ShownState, stateWords } from '../../model/shown-stage.ts';
import { svg } from '../dom.ts';
import { linkTo } from '../router.ts';
import { mark } from '../widgets/mark.ts';
import { scrolling } from '../widgets/parts.ts';

interface DrawnStage {
  readonly group: SVGAElement;
  readonly kind: string;
  readonly bar: SVGRectElement;
  readonly barWidth: number;
  mark: SVGElement;
  state: ShownState | undefined;
}

/** The DAG: each stage a link with its state, joined to what it takes in. */
export class DagPicture {
  readonly element: HTMLElement;
  readonly #plan: ReadyPlan;
  readonly #drawn = new Map<string, DrawnStage>();
  readonly #edges: { readonly from: string; readonly to: string; readonly path: SVGPathElement }[] = [];

  constructor(plan: ReadyPlan) {
    this.#plan = plan;
    const { left, top, width, height, boxes, edges } = plan.drawing;
    const picture = svg('svg', {
      class: 'dag',
      viewBox: `${left} ${top} ${width} ${height}`,
      width,
      height,
      role: 'group',
      'aria-label': 'The stages and what each takes in',
    });
    picture.append(arrowHead());
    for (const { from, to, path } of edges) {
      const line = svg('path', { class: 'edge', d: path, 'marker-end': 'url(#arrow)' });
      this.#edges.push({ from, to, path: line });
      picture.append(line);
    }
    for (const box of boxes) picture.append(this.#draw(box));
    this.element = scrolling('The DAG', picture);
    this.element.classList.add('picture');
  }

  update(run: LiveRun | undefined, selected: string | undefined): void {
    for (const stage of this.#plan.stages) {
      const drawn = this.#drawn.get(stage.name)!;
      const { state, live } = shownStage(stage, run);
      if (drawn.state !== state) this.#setState(stage.name, drawn, state);
      const progress = state === 'running' ? live?.progress : undefined;
      const share = progress === undefined || progress.total <= 0 ? 0 : progress.done / progress.total;
      drawn.bar.setAttribute('width', String(drawn.barWidth * Math.min(1, share)));
      drawn.group.classList.toggle('selected', stage.name === selected);
      if (stage.name === selected) drawn.group.setAttribute('aria-current', 'true');
      else drawn.group.removeAttribute('aria-current');
    }
    for (const { from, to, path } of this.#edges) {
      path.classList.toggle('near', from === selected || to === selected);
    }
  }

  /** Scrolls the box of a stage into the middle, where the picture is wider than the page. */
  reveal(stage: string): void {
    const box = this.#plan.drawing.boxes.find((candidate) => candidate.stage === stage);
    if (box !== undefined) this.element.scrollLeft = box.x + box.width / 2 - this.element.clientWidth / 2;
  }

  #draw({ stage, kind, x, y, width, height }: ReadyPlan['drawing']['boxes'][number]): SVGElement {
    const group = svg('a', { class: 'stage', href: linkTo({ view: 'pipeline', stage }) });
    const sign = mark('waiting', { x: x + 12, y: y + 10 });
    const barWidth = width - 20;
    const bar = svg('rect', { class: 'bar', x: x + 10, y: y + height - 6, width: 0, height: 3, rx: 1.5 });
    group.append(
      svg('rect', { class: 'box', x, y, width, height, rx: 8 }),
      sign,
      // With a space, for those who hear one word after the other.
      svg('text', { x: x + 34, y: y + 23 }, `${stage} `),
      svg('text', { class: 'kind', x: x + 34, y: y + 40 }, kind),
      bar,
    );
    this.#drawn.set(stage, { group, kind, bar, barWidth, mark: sign, state: undefined });
    return group;
  }

  #setState(stage: string, drawn: DrawnStage, state: ShownState): void {
    drawn.state = state;
    drawn.group.setAttribute('data-state', state);
    const sign = mark(state, { x: drawn.mark.getAttribute('x')!, y: drawn.mark.getAttribute('y')! });
    drawn.mark.replaceWith(sign);
    drawn.mark = sign;
    drawn.group.setAttribute('aria-label', `${stage} ${drawn.kind}: ${stateWords[state]}`);
  }
}

function arrowHead(): SVGElement {
  const head = svg('marker', {
    id: 'arrow',
    viewBox: '0 0 8 8',
    refX: 7,
    refY: 4,
    markerUnits: 'userSpaceOnUse',
    markerWidth: 8,
    markerHeight: 8,
    orient: 'auto',
  });
  head.append(svg('path', { class: 'arrow', d: 'M0,0.5 L8,4 L0,7.5 Z' }));
  return svg('defs', {}, head);
}
