import type { Item } from '../../support/seed.ts';
import { Dice } from './dice.ts';
import { bytes, number, text, type DemoTable } from './demo-table.ts';

const SEED = 4;
const SENSORS = 64;
const FIRST_READING_MS = Date.UTC(2025, 5, 1);
const READING_INTERVAL_MS = 60_000;
const SITES = ['cold-store', 'greenhouse', 'loading-bay', 'roof'];

/** Many small items; `firmware` is a number on old devices and text on new ones. */
export const sensorReadings: DemoTable = {
  definition: {
    name: 'sensor_readings',
    partitionKey: { name: 'sensor', type: 'S' },
    sortKey: { name: 'measured_at', type: 'N' },
  },
  itemCount: 10_000,
  remark: 'one attribute, two types',
  *makeItems() {
    const dice = new Dice(SEED);
    for (let index = 0; index < this.itemCount; index += 1) yield makeReading(dice, index);
  },
};

function makeReading(dice: Dice, index: number): Item {
  const sensor = index % SENSORS;
  const round = Math.floor(index / SENSORS);
  const site = SITES[sensor % SITES.length] ?? '';
  return {
    sensor: text(`${site}-${String(sensor).padStart(2, '0')}`),
    measured_at: number(FIRST_READING_MS + round * READING_INTERVAL_MS),
    celsius: number(dice.decimal(-4, 31, 2)),
    humidity: number(dice.decimal(0.3, 0.9, 3)),
    battery_volts: number(dice.decimal(2.9, 3.3, 2)),
    firmware: sensor % 8 === 0 ? number(3) : text('4.2.1'),
    frame: bytes(dice.bytes(12)),
  };
}
