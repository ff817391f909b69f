// notify.webhook as it is written: what is wrong with its arguments, and where it has no place.
import { expect } from 'chai';
import { problems } from './loaded.ts';

const told = async (task: string): Promise<readonly string[]> =>
  (await problems(`- hosts: all\n  tasks:\n    - ${task}\n`)).map(one => `${one.code}: ${one.message}`);

describe('notify.webhook', () => {
  it('takes http and https alone, and no header that every message has', async () => {
    expect(await told('notify.webhook: { url: "https://example.org/told", text: a }')).to.deep.equal([]);
    expect(await told('notify.webhook: { url: "ftp://example.org/told", text: a }')).to.deep.equal([
      'bad-argument: "url" can\'t be used: it begins with ftp:, and only http: and https: are posted to',
    ]);
    expect(await told('notify.webhook: { url: "https://example.org", text: a, headers: { Host: b } }')).to.deep.equal([
      'bad-argument: "headers" can\'t be used: the header "Host" is said by every message itself',
    ]);
  });

  it('is no undo: it puts nothing back', async () => {
    const undo = 'undo: { notify.webhook: { url: "https://example.org/told", text: undone } }';
    expect(await told(`{ command: mkdir /a, ${undo} }`)).to.deep.equal([
      'bad-undo: "notify.webhook" puts nothing back',
    ]);
  });
});
