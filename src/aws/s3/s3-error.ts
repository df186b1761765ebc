import { decodeXml, readElement } from './xml.ts';

/** An error of S3, in the shape in which the SDK throws those of its own calls. */
export class S3Error extends Error {
  override readonly name: string;
  readonly $metadata: { readonly httpStatusCode: number };
  /** The region of the bucket, where S3 says that it was asked in another one. */
  readonly bucketRegion: string | undefined;

  /** Reads an answer that is no success. */
  constructor(statusCode: number, headers: Readonly<Record<string, string>>, body: Buffer) {
    const text = body.toString();
    const message = readElement(text, 'Message');
    super(message === undefined ? `HTTP ${statusCode}` : decodeXml(message));
    this.name = readElement(text, 'Code') ?? 'UnknownError';
    this.$metadata = { httpStatusCode: statusCode };
    this.bucketRegion = headers['x-amz-bucket-region'];
  }
}
