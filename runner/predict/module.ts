import { pathToFileURL } from 'node:url';
import type { Kind, NewFileReader, Predictor, RowKind } from '../kind/index.ts';

/** The module beside a kind's own that tells how it deals with new files or rows. */
export function predictorFile(kind: string): string {
  return `stages/${kind}/predict.ts`;
}

export async function loadReader(bundle: string): Promise<NewFileReader> {
  const reader = (await defaultOf(bundle)) as Partial<NewFileReader> | undefined;
  if (reader?.type !== 'reader') throw new Error(`${bundle} exports no reader of new files as default`);
  return reader as NewFileReader;
}

export async function loadPredictor(bundle: string): Promise<Predictor> {
  const predictor = (await defaultOf(bundle)) as Partial<Predictor> | undefined;
  if (predictor?.type !== 'predictor') throw new Error(`${bundle} exports no predictor as default`);
  return predictor as Predictor;
}

export async function loadRowKind(bundle: string): Promise<RowKind> {
  const kind = (await defaultOf(bundle)) as Partial<Kind> | undefined;
  if (kind?.type !== 'row') throw new Error(`${bundle} exports no row kind as default`);
  return kind as RowKind;
}

async function defaultOf(bundle: string): Promise<unknown> {
  return ((await import(pathToFileURL(bundle).href)) as { default?: unknown }).default;
}
