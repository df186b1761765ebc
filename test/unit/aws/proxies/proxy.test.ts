import { expect } from 'chai';
import { createProxyFinder, type HttpProxy } from '../../../../src/aws/proxies/proxy.ts';
import { ConfigError } from '../../../../src/errors.ts';

const HOST = 'dynamodb.us-east-1.amazonaws.com';

type Environment = Readonly<Record<string, string>>;

function findProxy(env: Environment, hostname = HOST): HttpProxy | undefined {
  return createProxyFinder(env)({ isTls: true, hostname, port: 443 });
}

/** What an environment makes of the way to a host: the proxy's host and port, `direct`, or the error. */
function wayTo(env: Environment, hostname = HOST): string {
  const proxy = findProxy(env, hostname);
  return proxy === undefined ? 'direct' : `${proxy.hostname} ${proxy.port}`;
}

describe('the proxy of an environment', () => {
  it('is none unless one is named', () => {
    expect(wayTo({})).to.equal('direct');
    expect(wayTo({ HTTPS_PROXY: '', https_proxy: ' ' })).to.equal('direct');
    expect(wayTo({ HTTP_PROXY: 'http://p:1', http_proxy: 'http://p:1' })).to.equal('direct');
  });

  it('is named in upper case or lower, which goes first, and for all protocols last', () => {
    expect(wayTo({ HTTPS_PROXY: 'http://upper:1' })).to.equal('upper 1');
    expect(wayTo({ HTTPS_PROXY: 'http://upper:1', https_proxy: 'http://lower:2' })).to.equal(
      'lower 2',
    );
    expect(wayTo({ ALL_PROXY: 'http://all:3' })).to.equal('all 3');
    expect(wayTo({ all_proxy: 'http://all:3', HTTPS_PROXY: 'http://upper:1' })).to.equal('upper 1');
  });

  for (const [url, way, isTls] of [
    ['proxy', 'proxy 80', false],
    ['proxy:3128', 'proxy 3128', false],
    [' http://proxy:3128/ ', 'proxy 3128', false],
    ['HTTP://PROXY', 'proxy 80', false],
    ['https://proxy', 'proxy 443', true],
    ['http://[::1]:3128', '::1 3128', false],
    ['name:password@proxy:1', 'proxy 1', false],
  ] as const) {
    it(`is read from ${JSON.stringify(url)}`, () => {
      const env = { HTTPS_PROXY: url };
      expect(wayTo(env)).to.equal(way);
      expect(findProxy(env)?.isTls).to.equal(isTls);
    });
  }

  for (const [url, login] of [
    ['http://proxy', undefined],
    ['http://name@proxy', 'name:'],
    ['http://:token@proxy', ':token'],
    ['http://us%40er:p%3Ass%2Fw%25rd@proxy', 'us@er:p:ss/w%rd'],
    ['http://n%C3%A4me:pass@proxy', 'näme:pass'],
  ] as const) {
    it(`is told ${login ?? 'no name'} by ${url}`, () => {
      const encoded = login && `Basic ${Buffer.from(login).toString('base64')}`;
      expect(findProxy({ HTTPS_PROXY: url })?.authorization).to.equal(encoded);
    });
  }

  for (const url of ['socks5://proxy:1080', 'http://', 'http://proxy:99999', 'http://a:%ZZx@h']) {
    it(`is refused when it is ${url}, only where it is wanted, without a word of the URL`, () => {
      const env = { HTTPS_PROXY: url, NO_PROXY: 'localhost' };
      expect(wayTo(env, 'localhost')).to.equal('direct');
      expect(() => wayTo(env))
        .to.throw(ConfigError)
        .that.does.not.have.property('cause');
      expect(() => wayTo(env)).to.throw(/^((?!ZZx).)*$/);
    });
  }

  for (const [exceptions, hostname, isDirect] of [
    ['amazonaws.com', HOST, true],
    ['.amazonaws.com', HOST, true],
    ['*.amazonaws.com', HOST, true],
    ['AmazonAWS.com', HOST, true],
    [HOST, HOST, true],
    ['example.com, amazonaws.com', HOST, true],
    ['example.com amazonaws.com', HOST, true],
    ['*', HOST, true],
    ['amazonaws.com:443', HOST, true],
    ['amazonaws.com:8443', HOST, false],
    ['aws.com', HOST, false],
    ['sts.us-east-1.amazonaws.com', HOST, false],
    ['.', HOST, false],
    ['', HOST, false],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.10', false],
    ['::1', '::1', true],
    ['[::1]', '::1', true],
    ['[::1]:443', '::1', true],
    ['[::1]:444', '::1', false],
    ['fe80::1', '::1', false],
  ] as const) {
    it(`is ${isDirect ? 'not ' : ''}on the way to ${hostname} with NO_PROXY=${exceptions}`, () => {
      const env = { HTTPS_PROXY: 'http://proxy:1', NO_PROXY: exceptions };
      expect(wayTo(env, hostname)).to.equal(isDirect ? 'direct' : 'proxy 1');
    });
  }

  for (const [exception, direct, proxied] of [
    ['10.0.0.0/8', ['10.1.2.3'], ['11.0.0.1', '10.example.org', '::ffff']],
    ['192.168.4.0/22', ['192.168.7.255'], ['192.168.8.0']],
    ['0.0.0.0/0', ['8.8.8.8'], ['::1', HOST]],
    ['fd00::/8', ['fd12::1'], ['fe80::1', '10.0.0.1']],
    ['[fd00::]/8', ['fd12::1'], []],
    ['10.0.0.1/32', ['10.0.0.1'], ['10.0.0.2']],
    ['10.0.0.0/33', [], ['10.0.0.1']],
    ['10.0.0.0/', [], ['10.0.0.0']],
    ['ten/8', [], ['10.0.0.1', HOST]],
  ] as const) {
    it(`is passed by for the addresses of ${exception} alone`, () => {
      const env = { HTTPS_PROXY: 'http://p:1', NO_PROXY: `example.com, ${exception}` };
      for (const address of direct) expect(wayTo(env, address), address).to.equal('direct');
      for (const address of proxied) expect(wayTo(env, address), address).to.equal('p 1');
    });
  }
});
