import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { RunRequest } from '../model/messages.ts';
import { badRequest, RequestError } from './request-error.ts';

/** A parameter of the query that must be there. */
export function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null || value === '') throw badRequest(`the request lacks ${name}`);
  return value;
}

/** A whole number of the query, at least 0 and at most `most`. */
export function wholeNumber(query: URLSearchParams, name: string, fallback: number, most: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw badRequest(`${name} must be a whole number from 0 to ${most}`);
}

const largestBody = 64 << 10;

const runRequest = z.strictObject({
  targets: z.array(z.string()).optional(),
  from: z.array(z.string()).optional(),
});

/** What to run, from the body of a request. Only JSON is taken: no form of another page can send it. */
export async function runRequestOf(request: IncomingMessage): Promise<RunRequest> {
  if (request.headers['content-type']?.split(';')[0] !== 'application/json') {
    throw new RequestError(415, [{ message: 'the body must be JSON' }]);
  }
  let text = '';
  for await (const chunk of request) {
    text += (chunk as Buffer).toString('utf8');
    if (text.length > largestBody) throw new RequestError(413, [{ message: 'the body is too long' }]);
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badRequest('the body is no JSON');
  }
  const parsed = runRequest.safeParse(body);
  if (!parsed.success) throw badRequest(`the body is no request to run: ${z.prettifyError(parsed.error)}`);
  const { targets, from } = parsed.data;
  return { ...(targets !== undefined && { targets }), ...(from !== undefined && { from }) };
}
