// Every world of clusters/worlds: its plan is the golden one, and without the rule that it is for, the plan is another,
// in the way that its first lines say. GOLDEN=write writes the plans anew; the difference is read like code.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { readWorld } from './world-file.ts';
import { planText } from './world-plan.ts';

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../../clusters/worlds');
const names = readdirSync(folder).flatMap(name => (name.endsWith('.yml') ? [name.slice(0, -4)] : []));

function isGolden(name: string, text: string): void {
  const path = `${folder}/${name}.plan`;
  if (process.env['GOLDEN'] === 'write') writeFileSync(path, text);
  expect(existsSync(path) ? readFileSync(path, 'utf8') : '', `${name}.plan (GOLDEN=write)`).to.equal(text);
}

describe('small worlds', function () {
  // Each is planned twice, some with a search for ways out.
  this.timeout(60_000);

  for (const name of names) {
    it(`${name}: the plan is as saved, and another without its rule`, async () => {
      const { firstLine, world, withoutRule } = readWorld(`${folder}/${name}.yml`);
      expect(firstLine).to.match(/^# Without /);
      const [plan, other] = [await planText(world), await planText(withoutRule)];
      isGolden(name, `${plan}\nwithout ${ruleText(world.without)}:\n${other}`);
      expect(plan).to.contain(world.shows).and.not.contain(world.instead);
      expect(other).to.contain(world.instead).and.not.contain(world.shows);
    });
  }

  it('are twenty-five at least, and none is without its plan', () => {
    expect(names.length).to.be.at.least(25);
    const plans = readdirSync(folder).flatMap(file => (file.endsWith('.plan') ? [file.slice(0, -5)] : []));
    expect(plans.sort()).to.deep.equal([...names].sort());
  });
});

const ruleText = (without: string | Readonly<Record<string, unknown>>): string =>
  typeof without === 'string'
    ? without
    : Object.entries(without)
        .map(([way, value]) => `${way} (then ${JSON.stringify(value)})`)
        .join(', ');
