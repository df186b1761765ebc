/** The oldest Node that this source runs on, as in `engines` in package.json. */
const OLDEST_NODE = '20.15';

/** A sentence about a version of Node that is too old, like `18.20.8`; undefined for any other. */
export function describeOldNode(version: string): string | undefined {
  return compareVersions(version, OLDEST_NODE) < 0
    ? `source-dynamodb needs Node ${OLDEST_NODE} or newer; this is ${version}.`
    : undefined;
}

function compareVersions(left: string, right: string): number {
  const [leftMajor = 0, leftMinor = 0] = left.split('.').map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split('.').map(Number);
  return leftMajor - rightMajor || leftMinor - rightMinor;
}
