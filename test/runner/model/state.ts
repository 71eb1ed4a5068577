/** What a user can edit, as plain values. */
export interface State {
  /** Texts by file name. */
  readonly files: Readonly<Record<string, string>>;
  /** Versions of the kinds' code that change what they do. */
  readonly code: Readonly<Record<KindName, string>>;
  /** Edits of the kinds' code that change nothing. */
  readonly comments: Readonly<Record<KindName, number>>;
  /** In an order in which each needs only earlier ones. */
  readonly stages: readonly StageState[];
}

export type KindName = 'words' | 'mark' | 'join';

export interface StageState {
  readonly name: string;
  readonly kind: KindName;
  readonly inputs: readonly string[];
  readonly end: string;
}

export type Edit =
  | { readonly type: 'write'; readonly file: number; readonly text: string }
  | { readonly type: 'delete'; readonly file: number }
  | { readonly type: 'param'; readonly stage: number; readonly end: string }
  | { readonly type: 'code'; readonly kind: KindName; readonly version: string }
  | { readonly type: 'comment'; readonly kind: KindName }
  | { readonly type: 'nothing' }
  /** Back to the state so many edits ago. */
  | { readonly type: 'undo'; readonly steps: number };

/** The state after an edit; `history` holds the states before, the newest last. */
export function apply(state: State, edit: Edit, history: readonly State[]): State {
  const fileName = (file: number): string => `file${file}`;
  switch (edit.type) {
    case 'write':
      return { ...state, files: { ...state.files, [fileName(edit.file)]: edit.text } };
    case 'delete': {
      const rest = Object.entries(state.files).filter(([name]) => name !== fileName(edit.file));
      // A source without files is an error of its own.
      return rest.length === 0 ? state : { ...state, files: Object.fromEntries(rest) };
    }
    case 'param': {
      const at = edit.stage % state.stages.length;
      const stages = state.stages.map((stage, index) => (index === at ? { ...stage, end: edit.end } : stage));
      return { ...state, stages };
    }
    case 'code':
      return { ...state, code: { ...state.code, [edit.kind]: edit.version } };
    case 'comment':
      return { ...state, comments: { ...state.comments, [edit.kind]: state.comments[edit.kind] + 1 } };
    case 'nothing':
      return state;
    case 'undo':
      return history.at(-edit.steps) ?? history[0] ?? state;
  }
}
