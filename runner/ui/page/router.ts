/** What the page shows, as its address tells it behind the `#`. */
export type Route =
  | { readonly view: 'pipeline'; readonly stage?: string }
  | { readonly view: 'runs'; readonly offset: number }
  | { readonly view: 'run'; readonly run: string }
  | { readonly view: 'compare'; readonly a: string; readonly b: string }
  | { readonly view: 'artifacts' }
  | {
      readonly view: 'artifact';
      readonly key: string;
      readonly file?: string;
      readonly offset: number;
      readonly find: string;
    }
  | { readonly view: 'row'; readonly key: string; readonly file: string; readonly row: number };

export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const parts = path.split('/').map(decode);
  const given = new URLSearchParams(query);
  const offset = number(given.get('offset'));
  const [first, second, third, fourth] = parts;
  switch (first) {
    case 'stages':
      return second === undefined ? { view: 'pipeline' } : { view: 'pipeline', stage: second };
    case 'runs':
      return second === undefined ? { view: 'runs', offset } : { view: 'run', run: second };
    case 'compare':
      return second === undefined || third === undefined
        ? { view: 'runs', offset: 0 }
        : { view: 'compare', a: second, b: third };
    case 'artifacts': {
      if (second === undefined) return { view: 'artifacts' };
      if (third !== undefined && fourth !== undefined) {
        return { view: 'row', key: second, file: third, row: number(fourth) };
      }
      const find = given.get('find') ?? '';
      return { view: 'artifact', key: second, ...(third !== undefined && { file: third }), offset, find };
    }
    default:
      return { view: 'pipeline' };
  }
}

/** The address of something that the page shows. */
export function linkTo(route: Route): string {
  switch (route.view) {
    case 'pipeline':
      return route.stage === undefined ? '#/' : hash(['stages', route.stage]);
    case 'runs':
      return hash(['runs'], { offset: route.offset });
    case 'run':
      return hash(['runs', route.run]);
    case 'compare':
      return hash(['compare', route.a, route.b]);
    case 'artifacts':
      return hash(['artifacts']);
    case 'artifact': {
      const { key, file, offset, find } = route;
      return hash(['artifacts', key, ...(file === undefined ? [] : [file])], { offset, find });
    }
    case 'row':
      return hash(['artifacts', route.key, route.file, String(route.row)]);
  }
}

function hash(parts: readonly string[], query: Readonly<Record<string, string | number>> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== 0 && value !== '');
  const text = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return `#/${parts.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function number(text: string | null | undefined): number {
  return text !== null && text !== undefined && /^\d+$/.test(text) ? Number(text) : 0;
}
