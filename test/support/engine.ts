/** A running DynamoDB engine that tests may fill and read; whoever started it stops it. */
export interface Engine {
  /** What it is, for test titles and logs: `dynalite`, `DynamoDB Local`. */
  readonly name: string;
  /** `http://127.0.0.1:PORT`, for the config's `endpoint` and for SDK clients. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Ends the engine with its open connections; resolves when its port is free again. */
  stop(): Promise<void>;
}
