// docs/webhooks.md: the words are those of the table, the message is one that is sent, the playbook has no mistakes.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { POST_LIMIT_MS } from '../../src/edge/post.ts';
import { OCCASIONS } from '../../src/model/occasion.ts';
import { noticeBody, Notices } from '../../src/report/notices.ts';
import * as sample from '../report/sample.ts';
import { check } from './example.ts';

const page = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(page)?.[1] ?? '';

describe('the page about webhooks', () => {
  it('says of each word what the table says', () => {
    const rows = Object.entries(OCCASIONS).map(
      ([word, { says, seenIn }]) => `| \`${word}\` | ${says} | ${seenIn.map(type => `\`${type}\``).join(', ')} |`,
    );
    expect(page).to.contain(`|---|---|---|\n${rows.join('\n')}\n\n`);
  });

  it('shows a message as it is sent', () => {
    const plan = sample.planFor(['nacaozumbi']);
    const notices = new Notices(plan);
    const told = sample.stuckEnded.flatMap(line => notices.see(line));
    const stuck = told.find(notice => notice.words.includes('host_stuck'));
    if (stuck === undefined) throw new Error('nothing is stuck');
    const body: unknown = JSON.parse(noticeBody(plan, { notice: stuck, word: 'host_stuck' }));
    expect(block('json')).to.equal(`${JSON.stringify(body, null, 2)}\n`);
  });

  it('has playbooks without mistakes', async () => {
    const playbooks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = '']) => text);
    expect(playbooks).to.have.lengthOf(2);
    for (const text of playbooks) {
      const found = await check({ files: { 'site.yml': text }, options: [] });
      expect(found.map(one => one.message)).to.deep.equal([]);
    }
  });

  it('names the time for an answer as it is', () => {
    expect(page).to.contain(`${POST_LIMIT_MS / 1000} seconds for an answer`);
  });
});
