import { expect } from 'chai';
import { addressBucket } from '../../../../src/aws/s3/bucket-address.ts';

const PLAIN = { usesFips: false, usesDualstack: false };

describe('the address of a bucket', () => {
  it('is a host name of its own, in every partition and variant', () => {
    const hosts = [
      ['us-east-1', PLAIN, 'b.s3.us-east-1.amazonaws.com'],
      ['cn-north-1', PLAIN, 'b.s3.cn-north-1.amazonaws.com.cn'],
      ['us-gov-west-1', { ...PLAIN, usesFips: true }, 'b.s3-fips.us-gov-west-1.amazonaws.com'],
      ['eu-west-1', { ...PLAIN, usesDualstack: true }, 'b.s3.dualstack.eu-west-1.amazonaws.com'],
      [
        'us-east-2',
        { usesFips: true, usesDualstack: true },
        'b.s3-fips.dualstack.us-east-2.amazonaws.com',
      ],
    ] as const;
    for (const [region, variant, hostname] of hosts) {
      const address = { protocol: 'https:', hostname, path: '/' };
      expect(addressBucket('b', region, variant)).to.deep.equal(address);
    }
  });

  it('is a part of the path where its name has dots, and at an endpoint of the config', () => {
    expect(addressBucket('a.b', 'us-east-1', PLAIN)).to.deep.equal({
      ...{ protocol: 'https:', hostname: 's3.us-east-1.amazonaws.com', path: '/a.b/' },
    });
    const endpoint = 'http://localhost:9000/base/';
    expect(addressBucket('b', 'us-east-1', { ...PLAIN, endpoint })).to.deep.equal({
      ...{ protocol: 'http:', hostname: 'localhost', port: 9000, path: '/base/b/' },
    });
  });
});
