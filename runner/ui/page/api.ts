import type { ProblemView } from '../model/plan.ts';

/** What the server could not do, in the runner's own words. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly problems: readonly ProblemView[];

  constructor(problems: readonly ProblemView[]) {
    super(problems.map(({ message }) => message).join('\n'));
    this.problems = problems;
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** The address of something to be read, relative to the page. */
export function address(path: readonly string[], query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const text = new URLSearchParams(given).toString();
  return `api/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

export async function get<Value>(
  path: readonly string[],
  query: Query = {},
  signal?: AbortSignal,
): Promise<Value> {
  return (await answer(address(path, query), signal === undefined ? {} : { signal })) as Value;
}

/** Asks the runner to do something. */
export async function post(path: readonly string[], body: unknown): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  await answer(address(path), { method: 'POST', headers, body: JSON.stringify(body) });
}

/** The beginning of a file of an artifact, as text. */
export async function fileText(
  key: string,
  file: string,
  most: number,
): Promise<{ text: string; whole: boolean }> {
  const headers = { Range: `bytes=0-${most - 1}` };
  const response = await reach(address(['artifacts', key, 'file'], { file }), { headers });
  if (response.status === 416) return { text: '', whole: true };
  if (!response.ok) throw await failureOf(response);
  const size = Number(/\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')?.[1] ?? 0);
  return { text: await response.text(), whole: size <= most };
}

async function answer(url: string, options: RequestInit): Promise<unknown> {
  const response = await reach(url, options);
  if (!response.ok) throw await failureOf(response);
  return response.json();
}

async function reach(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    const hint = 'Is pipeline ui still running? Start it again and open the address it prints.';
    throw new ApiFailure([{ message: 'the server does not answer', hint }]);
  }
}

async function failureOf(response: Response): Promise<ApiFailure> {
  const body = (await response.json().catch(() => ({}))) as { problems?: readonly ProblemView[] };
  return new ApiFailure(body.problems ?? [{ message: `the server answers ${response.status}` }]);
}
