/** What the page is told of the pipeline as it is written. All of it is plain JSON. */

export type PlanView =
  | { readonly type: 'loading' }
  | { readonly type: 'broken'; readonly problems: readonly ProblemView[] }
  | ReadyPlan;

export interface ReadyPlan {
  readonly type: 'ready';
  readonly stages: readonly PlannedStage[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  readonly drawing: Drawing;
}

export interface PlannedStage {
  readonly name: string;
  /** The kind, or the command. */
  readonly kind: string;
  readonly state: 'cached' | 'stale' | 'waiting';
  /** Why it would run or that it would not: what `pipeline explain` says. */
  readonly sentence: string;
  readonly inputs: readonly { readonly name: string; readonly stages: readonly string[] }[];
  readonly params: readonly { readonly name: string; readonly value: string }[];
  /** The key of what it made last, where that is still known. */
  readonly artifact?: string;
  /** The run that made it. */
  readonly madeBy?: string;
}

/** The DAG, laid out: boxes in px. */
export interface Drawing {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly DrawnBox[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly path: string }[];
}

export interface DrawnBox {
  readonly stage: string;
  /** Its kind, as short as it fits in. */
  readonly kind: string;
  /** Of its upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Something wrong with its way out, as the terminal shows it. */
export interface ProblemView {
  readonly message: string;
  /** `file:line:column` or a stage. */
  readonly place?: string;
  /** The line it points at, with carets below. */
  readonly excerpt?: string;
  readonly hint?: string;
}
