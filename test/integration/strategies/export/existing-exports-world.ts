import { gzipSync } from 'node:zlib';
import {
  type ExportToWrite,
  etagOf,
  listFile,
  writeExport,
} from '../../../support/fake-exports/export-writer.ts';
import type { JsonObject } from '../../../support/json.ts';
import { type AttemptOptions, type ExportedRow, ExportWorld } from './export-world.ts';

export const PREFIX = 'airbyte/orders';
export const EXISTING: JsonObject = {
  replication_method: { method: 'Export', exports: 'Use existing' },
};
const DAY_MS = 24 * 60 * 60_000;
export const TIME = Date.parse('2026-10-31T12:00:00Z');

/** What a read brought before it ended, or failed. */
export interface Outcome {
  readonly rows: readonly ExportedRow[];
  readonly states: readonly JsonObject[];
  readonly error: Error | undefined;
}

/** Reads to the end, or to the failure. */
export async function readAll(world: ExportWorld, options: AttemptOptions = {}): Promise<Outcome> {
  const rows: ExportedRow[] = [];
  const states: JsonObject[] = [];
  try {
    for await (const emission of world.attempt({ config: EXISTING, ...options })) {
      if (emission.kind === 'record') rows.push(emission.row);
      else states.push(emission.state);
    }
    return { rows, states, error: undefined };
  } catch (error) {
    return { rows, states, error: error as Error };
  }
}

/** The lines of so many items in a full export. */
export function fullLines(count: number, from = 0): readonly string[] {
  return Array.from(
    { length: count },
    (_, index) => `{"Item":{"pk":{"S":"k${from + index}"},"v":{"N":"${from + index}"}}}`,
  );
}

/** Lays an export into the bucket, and returns the key of its summary. */
export function layExport(world: ExportWorld, change: Partial<ExportToWrite> = {}): string {
  return writeExport(world.s3.objects, {
    prefix: PREFIX,
    bucket: world.s3.bucket,
    id: `0${TIME}-c488b4e1`,
    tableArn: world.exports.tableArn,
    scope: { kind: 'full', time: TIME },
    startTime: TIME,
    files: [
      { name: 'first', lines: fullLines(5) },
      { name: 'second', lines: fullLines(4, 5) },
    ],
    ...change,
  });
}

/** An incremental export that begins where the full one ends, or a day later for each of `days`. */
export function layWindow(world: ExportWorld, lines: readonly string[], days = 0): string {
  const from = TIME + days * DAY_MS;
  return layExport(world, {
    id: `0${from + DAY_MS}-c488b4e2`,
    scope: { kind: 'incremental', from, to: from + DAY_MS },
    startTime: from + DAY_MS,
    files: [{ name: `window${days}`, lines }],
  });
}

/** Key of the one object whose key ends so. */
export function findKey(world: ExportWorld, end: string): string {
  const [key, ...others] = [...world.s3.objects.keys()].filter((name) => name.endsWith(end));
  if (key === undefined || others.length > 0) throw new Error(`not one object ends with ${end}`);
  return key;
}

/** Replaces an object by what is made of it. */
export function rewrite(world: ExportWorld, end: string, change: (body: Buffer) => Buffer): void {
  const key = findKey(world, end);
  world.s3.objects.set(key, change(world.s3.objects.get(key) ?? Buffer.alloc(0)));
}

/** Replaces a text in an object. */
export function replaceText(world: ExportWorld, end: string, from: string, to: string): void {
  rewrite(world, end, (body) => {
    const text = body.toString();
    if (!text.includes(from)) throw new Error(`${end} has no ${from}`);
    return Buffer.from(text.replace(from, to));
  });
}

/** Replaces a data file, and has the manifest say of it what is true, but for the count of its items. */
export function replaceFile(world: ExportWorld, name: string, body: Buffer): void {
  const key = findKey(world, `${name}.json.gz`);
  world.s3.objects.set(key, body);
  rewrite(world, 'manifest-files.json', (manifest) => {
    const lines = manifest
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => {
        const entry = JSON.parse(line) as { dataFileS3Key: string; itemCount: number };
        const isIt = entry.dataFileS3Key === key;
        return JSON.stringify(isIt ? listFile(key, body, entry.itemCount) : entry);
      });
    return Buffer.from(lines.join('\n'));
  });
}

/** The same with the ETag alone left as it is: the object was exchanged, and nobody noticed. */
export function exchangeFile(world: ExportWorld, name: string, body: Buffer): void {
  const key = findKey(world, `${name}.json.gz`);
  const before = world.s3.objects.get(key) ?? Buffer.alloc(0);
  world.s3.objects.set(key, body);
  world.s3.etags.set(key, etagOf(before));
}

export function gzipLines(lines: readonly string[], end = '\n'): Buffer {
  return gzipSync(lines.map((line) => `${line}${end}`).join(''));
}
