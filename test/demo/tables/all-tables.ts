import { customers } from './customers.ts';
import type { DemoTable } from './demo-table.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { archivedOrders, orders } from './orders.ts';
import { sensorReadings } from './sensor-readings.ts';

/** The demo's tables in the order of their names, as the connector reads them. */
export const DEMO_TABLES: readonly DemoTable[] = [
  archivedOrders,
  customers,
  ledgerEntries,
  orders,
  sensorReadings,
];

export const TOTAL_ITEMS = DEMO_TABLES.reduce((total, { itemCount }) => total + itemCount, 0);
