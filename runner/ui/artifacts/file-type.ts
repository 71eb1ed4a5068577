import { extname } from 'node:path';
import type { FileType } from '../model/artifacts.ts';

interface Known {
  readonly type: FileType;
  readonly media: string;
}

const text = (media = 'text/plain'): Known => ({ type: 'text', media: `${media}; charset=utf-8` });

const known: Readonly<Record<string, Known>> = {
  '.arrow': { type: 'table', media: 'application/vnd.apache.arrow.file' },
  '.json': { type: 'json', media: 'application/json; charset=utf-8' },
  '.html': { type: 'page', media: 'text/html; charset=utf-8' },
  '.svg': { type: 'image', media: 'image/svg+xml' },
  '.png': { type: 'image', media: 'image/png' },
  '.jpg': { type: 'image', media: 'image/jpeg' },
  '.jpeg': { type: 'image', media: 'image/jpeg' },
  '.webp': { type: 'image', media: 'image/webp' },
  '.wav': { type: 'sound', media: 'audio/wav' },
  '.flac': { type: 'sound', media: 'audio/flac' },
  '.mp3': { type: 'sound', media: 'audio/mpeg' },
  '.ogg': { type: 'sound', media: 'audio/ogg' },
  '.txt': text(),
  '.md': text(),
  '.log': text(),
  '.csv': text(),
  '.yaml': text(),
  '.yml': text(),
  '.toml': text(),
};

const other: Known = { type: 'other', media: 'application/octet-stream' };

/** What a file is shown as, by the end of its name. */
export function fileType(name: string): FileType {
  return (known[extname(name).toLowerCase()] ?? other).type;
}

/** Whether a browser that opens the file runs what scripts are in it. */
export function runsScripts(name: string): boolean {
  return ['.html', '.svg'].includes(extname(name).toLowerCase());
}

export function mediaType(name: string): string {
  return (known[extname(name).toLowerCase()] ?? other).media;
}
