/** The ARN of a table, in its parts. */
export interface TableArn {
  readonly region: string;
  readonly account: string;
  readonly name: string;
}

// The region in ARNs of DynamoDB Local, whatever region requests ask for.
const LOCAL_REGION = 'ddblocal';
const TABLE_ARN =
  /^arn:aws[a-z-]*:dynamodb:([a-z0-9-]+):([0-9]{12}):table\/([A-Za-z0-9_.-]{3,255})$/;

/** Parses a table's ARN; returns undefined for any other text. */
export function parseTableArn(text: string): TableArn | undefined {
  const [, region, account, name] = TABLE_ARN.exec(text) ?? [];
  if (region === undefined || account === undefined || name === undefined) return undefined;
  return { region, account, name };
}

/** Whether a table with this ARN can be found in a region. */
export function liesIn({ region }: TableArn, expected: string): boolean {
  return region === expected || region === LOCAL_REGION;
}
