import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import { expectation, saidByAuthor, shown } from './expectation.ts';
import { nodeAt, placeAt } from './located.ts';
import type { Entry, Located } from './located.ts';
import { listed, nearest } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/** How to speak of what the issues are about. */
export interface Wording {
  /** Names the thing at the path, e.g. `param coefficients`. */
  readonly name: (path: readonly PropertyKey[]) => string;
  /** What says that a key is unknown, e.g. `features/mfcc has no param coefs`. */
  readonly unknown: (key: string, path: readonly PropertyKey[]) => string;
  /** The keys there are at a path. */
  readonly known: (path: readonly PropertyKey[]) => readonly string[];
}

/** zod's issues as problems with places, in our own words. */
export function issueProblems(issues: readonly Issue[], entry: Entry, wording: Wording): Problem[] {
  return issues.flatMap((issue) => issueProblem(issue, entry, wording));
}

function issueProblem(issue: Issue, entry: Entry, wording: Wording): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, issue.path, entry, wording));
  }
  if (issue.code === 'invalid_union') {
    const inner = deepestBranch(issue);
    if (inner !== undefined) {
      return inner.flatMap((below) =>
        issueProblem({ ...below, path: [...issue.path, ...below.path] }, entry, wording),
      );
    }
  }
  const node = nodeAt(entry.value, issue.path);
  const place = placeAt(entry, issue.path);
  const name = wording.name(issue.path);
  const authors = saidByAuthor(issue);
  if (authors !== undefined) {
    return [{ message: authors.startsWith('must ') ? `${name} ${authors}` : `${name}: ${authors}`, place }];
  }
  if (node === undefined) {
    return [{ message: `${name} is missing: it must be ${expectation(issue)}`, place }];
  }
  // That an empty text is empty need not be said twice.
  const actual = node.type === 'scalar' && node.value === '' ? '' : `, not ${shown(node)}`;
  return [{ message: `${name} must be ${expectation(issue)}${actual}`, place, ...optionHint(issue, node) }];
}

function unknownKey(key: string, path: readonly PropertyKey[], entry: Entry, wording: Wording): Problem {
  const parent = nodeAt(entry.value, path);
  const found = parent?.type === 'map' ? parent.entries.get(key) : undefined;
  const known = wording.known(path);
  const near = nearest(key, known);
  const hint =
    near === undefined
      ? known.length === 0
        ? undefined
        : `there are: ${listed(known)}`
      : `did you mean ${near}?`;
  return {
    message: wording.unknown(key, path),
    place: found?.key ?? placeAt(entry, path),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** The branch of a union that got furthest, if its issues lie deeper than the union itself. */
function deepestBranch(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] | undefined {
  return (
    issue.errors.find((branch) => branch.every((below) => below.path.length > 0) && branch.length > 0) ??
    issue.errors.find((branch) => branch.some((below) => below.code === 'unrecognized_keys'))
  );
}

function optionHint(issue: Issue, node: Located): { hint?: string } {
  const value = node.type === 'scalar' ? node.value : undefined;
  if (issue.code !== 'invalid_value' || typeof value !== 'string') {
    return {};
  }
  const near = nearest(value, issue.values.map(String));
  return near === undefined ? {} : { hint: `did you mean ${near}?` };
}
