import { statSync } from 'node:fs';
import { encodePng } from '../inspect/index.ts';
import type { ArtifactStore } from './artifacts/artifact-store.ts';
import { mediaType, runsScripts } from './artifacts/file-type.ts';
import { requireRow, rowDetail } from './artifacts/row-detail.ts';
import type { RowKinds } from './artifacts/row-kinds.ts';
import { tablePage } from './artifacts/table-page.ts';
import { WaveFile } from './artifacts/wave.ts';
import type { RunStarter } from './follow/run-starter.ts';
import type { Snapshot } from './model/messages.ts';
import type { PageFiles } from './page-files.ts';
import type { RunHistory } from './runs/run-history.ts';
import type { EventStreams } from './server/event-streams.ts';
import type { Admitted, Handlers } from './server/http-server.ts';
import { required, runRequestOf, wholeNumber } from './server/parameters.ts';
import { fileParts, type Reply } from './server/reply.ts';
import { notFound, RequestError } from './server/request-error.ts';

/** What the routes are made of. */
export interface Parts {
  readonly page: PageFiles;
  readonly streams: EventStreams;
  readonly starter: RunStarter;
  readonly history: RunHistory;
  readonly artifacts: ArtifactStore;
  readonly kinds: RowKinds;
  snapshot(): Snapshot;
}

const mostRows = 100;
const rowsOfAPage = 20;
const farthest = Number.MAX_SAFE_INTEGER;

/** Answers every request of the page. */
export function routes(parts: Parts): Handlers {
  return { page: routeOfPage(parts), shown: ({ key, file }) => fileOf(parts, key, file) };
}

function routeOfPage(parts: Parts): Handlers['page'] {
  return async (admitted) => {
    const { method, path } = admitted;
    const [first, second, third, fourth] = path;
    if (first !== 'api') return pageFile(parts, method, path);
    if (method === 'POST') {
      if (path.length !== 2) throw notFound('there is no such address');
      return command(parts, second, admitted);
    }
    if (method !== 'GET' && method !== 'HEAD') throw wrongMethod();
    switch (second) {
      case 'events':
        parts.streams.add(admitted.response, parts.snapshot());
        return { type: 'stream' };
      case 'runs':
        return json(third === undefined ? pageOfRuns(parts, admitted) : parts.history.detail(third));
      case 'compare':
        return json(
          await parts.history.compare(required(admitted.query, 'a'), required(admitted.query, 'b')),
        );
      case 'log':
        return json(await logPart(parts, admitted));
      case 'artifacts':
        if (third === undefined) return json(parts.artifacts.list());
        if (fourth === undefined) return json(parts.artifacts.detail(third));
        return ofArtifact(parts, third, fourth, admitted);
      default:
        throw notFound('there is no such address');
    }
  };
}

function pageFile({ page }: Parts, method: string, path: readonly string[]): Reply {
  if (method !== 'GET' && method !== 'HEAD') throw wrongMethod();
  const file = path.length === 1 ? page.get(path[0]) : undefined;
  if (file === undefined) throw notFound('there is no such page');
  return { type: 'text', ...file };
}

/** What changes something: by the runner's own sessions, and nothing else. */
async function command(parts: Parts, name: string, { request }: Admitted): Promise<Reply> {
  if (name === 'run') {
    if (parts.starter.start(await runRequestOf(request))) return json({}, 202);
    const hint = 'Stop it first, or wait until it is done.';
    throw new RequestError(409, [{ message: 'a run of this page is under way', hint }]);
  }
  if (name === 'stop') {
    if (parts.starter.stop()) return json({}, 202);
    const hint = 'A run of another terminal is stopped there, with Ctrl-C.';
    throw new RequestError(409, [{ message: 'no run of this page is under way', hint }]);
  }
  throw notFound('there is no such address');
}

function pageOfRuns({ history }: Parts, { query }: Admitted): unknown {
  const limit = wholeNumber(query, 'limit', rowsOfAPage, mostRows);
  return history.page(wholeNumber(query, 'offset', 0, farthest), limit);
}

function logPart({ history }: Parts, { query }: Admitted): Promise<unknown> {
  const from = query.has('from') ? wholeNumber(query, 'from', 0, farthest) : undefined;
  return history.log(required(query, 'run'), required(query, 'stage'), from);
}

async function ofArtifact(
  parts: Parts,
  key: string,
  what: string,
  { query, addressShown }: Admitted,
): Promise<Reply> {
  const { artifacts, kinds } = parts;
  const entry = artifacts.entry(key);
  const file = required(query, 'file');
  const position = wholeNumber(query, 'row', 0, farthest);
  switch (what) {
    case 'table': {
      const offset = wholeNumber(query, 'offset', 0, farthest);
      const limit = wholeNumber(query, 'limit', rowsOfAPage, mostRows);
      const find = query.get('find') ?? '';
      return json(
        await artifacts.withTable(entry, file, (table) => tablePage(table, { offset, limit, find })),
      );
    }
    case 'row':
      return json(await rowDetail(artifacts, kinds, entry, file, position));
    case 'picture': {
      await requireRow(artifacts, entry, file, position);
      const picture = await kinds.draw(entry, file, position);
      if (picture === undefined) throw notFound(`${entry.kind} draws no rows`);
      return { type: 'bytes', bytes: encodePng(picture), media: 'image/png' };
    }
    case 'sound': {
      await requireRow(artifacts, entry, file, position);
      const sound = await kinds.sound(entry, position);
      if (sound === undefined) throw notFound(`rows of ${entry.kind} have no sound`);
      const wave = new WaveFile(sound);
      const write = (response: Admitted['response'], start: number, end: number): Promise<void> => {
        response.end(wave.slice(start, end));
        return Promise.resolve();
      };
      return { type: 'parts', source: { size: wave.size, write }, media: 'audio/wav' };
    }
    case 'file':
      // What can run scripts is opened where its address gives nothing else away.
      return runsScripts(file)
        ? { type: 'elsewhere', address: addressShown({ key, file }) }
        : fileOf(parts, key, file);
    default:
      throw notFound('there is no such address');
  }
}

function fileOf({ artifacts }: Parts, key: string, file: string): Reply {
  const path = artifacts.path(artifacts.entry(key), file);
  return { type: 'parts', source: fileParts(path, statSync(path).size), media: mediaType(file) };
}

function json(value: unknown, status = 200): Reply {
  return { type: 'json', value, status };
}

function wrongMethod(): RequestError {
  return new RequestError(405, [{ message: 'this address can only be read' }]);
}
