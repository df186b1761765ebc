import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { seededRandom } from '../support/seeded-random.ts';
import { ExportItems } from './export-items.ts';
import { SHAPES } from './shapes.ts';

/** Kinds of items that the bench of exports has. */
export const EXPORT_KINDS = ['lifelike', 'counted'] as const;

/** `lifelike` compresses as real tables do; `counted` are the items of the other benches, which differ in a counter. */
export type ExportKind = (typeof EXPORT_KINDS)[number];

/** A data file of the bench. */
export interface BenchFile {
  readonly body: Buffer;
  /** Of its lines, before they were compressed. */
  readonly bytes: number;
}

const SEED = 7;

/** Renders and compresses so many different files, the same ones each time. */
export async function renderExportFiles(
  kind: ExportKind,
  files: number,
  itemsAFile: number,
): Promise<BenchFile[]> {
  const render = chooseRenderer(kind);
  const compress = promisify(gzip);
  const rendered: BenchFile[] = [];
  for (let file = 0; file < files; file++) {
    let lines = '';
    for (let item = 0; item < itemsAFile; item++) {
      lines += `{"Item":${render(file * itemsAFile + item)}}\n`;
    }
    rendered.push({ body: await compress(lines), bytes: Buffer.byteLength(lines) });
  }
  return rendered;
}

function chooseRenderer(kind: ExportKind): (index: number) => string {
  if (kind === 'counted') return SHAPES.mixed.render;
  const items = new ExportItems(seededRandom(SEED));
  return () => items.render();
}
