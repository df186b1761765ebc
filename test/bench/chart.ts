import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Summary } from './report.ts';
import { RUNNER_TITLES } from './runners.ts';
import { SHAPES, type ShapeName } from './shapes.ts';

/**
 * Draws docs/bench.svg from what `npm run bench -- --json FILE` wrote: CPU seconds per million records, the column
 * that depends least on the machine's mood. Arguments: the JSON file, and where to draw.
 */
const [source = 'bench.json', destination = 'docs/bench.svg'] = process.argv.slice(2);

const WIDTH = 760;
const ROW_HEIGHT = 26;
const BAR_HEIGHT = 16;
const TITLE_HEIGHT = 34;
const LABEL_WIDTH = 250;
/** Room right of the longest bar for its number. */
const VALUE_WIDTH = 175;
const MARGIN = 16;

/** Colours that hold their contrast on white and on near-black; the media query follows the reader's theme. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600 }
  .value { fill: #59636e }
  .bar { fill: #8c959f }
  .own { fill: #1a7f37 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .value { fill: #9198a1 }
    .bar { fill: #656c76 }
    .own { fill: #3fb950 }
  }`;

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function renderBar(row: Summary, y: number, longest: number): string {
  const scale = (WIDTH - 2 * MARGIN - LABEL_WIDTH - VALUE_WIDTH) / longest;
  const width = Math.max(1, row.cpuSecondsPerMillion * scale);
  const left = MARGIN + LABEL_WIDTH;
  const baseline = y + BAR_HEIGHT - 3;
  const rate = Math.round(row.recordsPerSecond / 1000).toLocaleString('en');
  const value = `${row.cpuSecondsPerMillion.toFixed(2)} s, ${rate}k records/s`;
  return [
    `<text x="${left - 10}" y="${baseline}" text-anchor="end">${escapeText(RUNNER_TITLES[row.runner])}</text>`,
    `<rect class="${row.runner === 'connector' ? 'own' : 'bar'}" x="${left}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="2"/>`,
    `<text class="value" x="${(left + width + 8).toFixed(1)}" y="${baseline}">${value}</text>`,
  ].join('\n');
}

/** One group of bars a shape, each to its own scale: items of 80 bytes and of 5 KB do not compare. */
function renderGroup(shape: ShapeName, rows: readonly Summary[], top: number): string {
  const longest = Math.max(...rows.map((row) => row.cpuSecondsPerMillion));
  const title = `CPU seconds per million items, ${SHAPES[shape].title} (${rows[0]?.node ?? ''})`;
  const bars = rows.map((row, index) =>
    renderBar(row, top + TITLE_HEIGHT + index * ROW_HEIGHT, longest),
  );
  return [
    `<text class="title" x="${MARGIN}" y="${top + 20}">${escapeText(title)}</text>`,
    ...bars,
  ].join('\n');
}

/** The rows to draw: of the newest Node where several ran. */
function pickRows(summaries: readonly Summary[]): Map<ShapeName, Summary[]> {
  const versions = summaries.map((row) => row.node).filter((node) => node.startsWith('v'));
  const newest = versions.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  const drawn = summaries.filter((row) => row.node === newest || row.runner === 'boto3');
  const shapes = new Set(drawn.map((row) => row.shape));
  return new Map([...shapes].map((shape) => [shape, drawn.filter((row) => row.shape === shape)]));
}

function renderChart(summaries: readonly Summary[]): string {
  let top = 4;
  const groups: string[] = [];
  for (const [shape, rows] of pickRows(summaries)) {
    groups.push(renderGroup(shape, rows, top));
    top += TITLE_HEIGHT + rows.length * ROW_HEIGHT + 8;
  }
  const size = `width="${WIDTH}" height="${top}" viewBox="0 0 ${WIDTH} ${top}"`;
  const label = 'CPU seconds per million records of each reader; shorter is better';
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${label}">
<style>${STYLE}
</style>
${groups.join('\n')}
</svg>
`;
}

const { summaries } = JSON.parse(await readFile(source, 'utf8')) as { summaries: Summary[] };
await mkdir(dirname(destination), { recursive: true });
await writeFile(destination, renderChart(summaries));
process.stdout.write(`${destination}\n`);
