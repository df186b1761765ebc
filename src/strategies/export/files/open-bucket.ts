import type { DynamoDbConnection } from '../../../aws/connection.ts';
import { S3Bucket } from '../../../aws/s3/s3-bucket.ts';
import type { ExportConfig } from '../../../config/config.ts';

/** Opens the bucket of exports; whoever opens it closes it. */
export function openBucket(place: ExportConfig, connection: DynamoDbConnection): S3Bucket {
  const { bucket, region, bucketOwner: owner } = place;
  const options = { bucket, region, endpoint: place };
  return new S3Bucket(owner === undefined ? options : { ...options, owner }, connection);
}
