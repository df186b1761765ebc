import { OpenObjects } from '../../aws/s3/open-objects.ts';
import type { CheckedTable } from '../replication-method.ts';
import type { SourceContext } from '../source-context.ts';
import { ExistingExports } from './existing-exports.ts';
import { ExportControl } from './export-control.ts';
import { renderTime } from './export-time.ts';
import { latestSecond, reachableMoment, type RecoveryPeriod } from './export-windows.ts';
import type { ExportSettings } from './export-plan.ts';
import { folderOf } from './files/load-manifest.ts';
import { ObjectReader } from './files/object-reader.ts';
import { openBucket } from './files/open-bucket.ts';

/**
 * Tries what a read of exports will do, but for the export itself, which cannot be tried: that recovery is enabled, that
 * exports can be listed and described, and that the bucket can be read.
 *
 * @throws ConfigError, TransientError.
 */
export async function checkExport(
  settings: ExportSettings,
  { connection, patience }: SourceContext,
): Promise<Omit<CheckedTable, 'target'>> {
  const { table, tableArn, reference, place, source, itemCount, sizeBytes } = settings;
  const bucket = openBucket(place, connection);
  const remarks: string[] = [];
  try {
    const reader = new ObjectReader({ bucket, objects: new OpenObjects(1), patience });
    const folder = folderOf(settings);
    const existing = new ExistingExports({ bucket, reader, patience, folder, table, tableArn });
    if (source === 'new') {
      const target = place;
      const control = new ExportControl({
        connection,
        patience,
        table: reference,
        tableArn,
        target,
      });
      remarks.push(...describeDelay(table, await control.fetchRecovery()));
      await control.tryFollowing();
      await existing.tryBucket();
    } else if (settings.manifest === undefined) {
      await existing.findFull();
    } else {
      await existing.check(settings.manifest);
    }
    return { size: { itemCount, sizeBytes }, remarks, items: [] };
  } finally {
    bucket.close();
  }
}

/** What a first sync waits for where recovery was enabled only some minutes ago. */
function describeDelay(table: string, recovery: RecoveryPeriod): readonly string[] {
  const first = reachableMoment(latestSecond(recovery), recovery);
  if (first <= latestSecond(recovery)) return [];
  return [
    `${table}: its point-in-time recovery reaches back to ${renderTime(recovery.earliest)} only, so a first sync waits for some minutes until that moment can be exported.`,
  ];
}
