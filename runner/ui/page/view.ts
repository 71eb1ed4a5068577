import type { LiveState } from './live.ts';
import type { Route } from './router.ts';

/** One of the things that the page shows. */
export interface View {
  readonly element: HTMLElement;
  /** For the browser's tab. */
  title: string;
  /** Called with each word of the server while it is shown. */
  update?(state: LiveState): void;
  /** Another address: true where the view shows that by itself, false where another view must. */
  moved?(route: Route): boolean;
  close?(): void;
}
