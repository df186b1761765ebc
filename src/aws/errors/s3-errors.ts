import { describeCall } from './failed-call.ts';
import { config, tableOf } from './rule.ts';

const KMS_KEY = config(
  'denied',
  (call, { message }) =>
    `S3 cannot decrypt ${call.resource ?? ''} with its KMS key (${message}). Enable the key, or repair its policy; objects that were encrypted with a deleted key are lost.`,
);
const OTHER_REGION = config(
  'refused',
  (call, { message }) =>
    `The bucket of ${call.resource ?? ''} is not in ${call.region} (${message}). Set "s3_region" in "export".`,
);

/**
 * What S3 says, by its error's code.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 */
export const S3_ERRORS = tableOf({
  AccessDenied: config(
    'denied',
    (call, { message }) =>
      `The credentials are not allowed to call ${describeCall(call)} (${message}). Allow ${call.action} in the IAM policy of the user or role, for a bucket of another account also in its bucket policy, and kms:Decrypt if it is encrypted with a KMS key. Without s3:ListBucket, S3 says the same of what does not exist.`,
  ),
  NoSuchBucket: config(
    'refused',
    (call) => `There is no bucket for ${call.resource ?? ''}. Check "s3_bucket" in "export".`,
  ),
  NoSuchKey: config(
    'nothing there',
    (call) =>
      `The object ${call.resource ?? ''} does not exist. Check "s3_bucket" and "s3_prefix" in "export", and that nothing deletes exports before they are read.`,
  ),
  InvalidBucketName: config(
    'refused',
    (call) => `S3 knows no bucket of such a name (${call.resource ?? ''}). Check "s3_bucket".`,
  ),
  InvalidObjectState: config(
    'refused',
    (call, { message }) =>
      `The object ${call.resource ?? ''} is archived (${message}). Restore it from its storage class, and try again.`,
  ),
  PreconditionFailed: config(
    'damaged',
    (call) =>
      `The object ${call.resource ?? ''} was replaced while it was being read. Leave exports as DynamoDB writes them, and try again.`,
  ),
  PermanentRedirect: OTHER_REGION,
  TemporaryRedirect: OTHER_REGION,
  AuthorizationHeaderMalformed: OTHER_REGION,
  'KMS.DisabledException': KMS_KEY,
  'KMS.NotFoundException': KMS_KEY,
  'KMS.KMSInvalidStateException': KMS_KEY,
  'KMS.InvalidStateException': KMS_KEY,
  'KMS.AccessDeniedException': KMS_KEY,
});
