// Runs an awk program: rules on records, statements. Expressions are in awk-evaluate.ts.
import type { Expr, Rule, Statement } from './awk-ast.ts';
import { AwkEvaluator } from './awk-evaluate.ts';
import { EMPTY, fromInput, isTrue, numeric, toNumber, toText } from './awk-values.ts';

export class Awk extends AwkEvaluator {
  private readonly inRange = new Set<Rule>();

  async run(): Promise<number> {
    await this.rules('BEGIN');
    const hasMore = this.program.rules.some(rule => rule.when !== 'BEGIN');
    if (this.flow !== 'exit' && hasMore) await this.lines();
    const isEarly = this.flow === 'exit';
    this.flow = null;
    if (!isEarly || hasMore) await this.rules('END');
    await this.streams.closeAll();
    return this.status;
  }

  private async rules(when: 'BEGIN' | 'END'): Promise<void> {
    for (const rule of this.program.rules) {
      if (rule.when === when && rule.body !== null && this.flow !== 'exit') await this.perform(rule.body);
    }
  }

  private async lines(): Promise<void> {
    for (let record = await this.input.next(); record !== null; record = await this.input.next()) {
      this.take(record);
      for (const rule of this.program.rules) {
        if (rule.when !== 'line' || !(await this.selects(rule))) continue;
        if (rule.body === null) await this.streams.print(this.fields.text(this.text('OFS')) + this.text('ORS'));
        else await this.perform(rule.body);
        if (this.flow === 'exit') return;
        if (this.flow === 'next') break;
      }
      this.flow = null;
      await this.streams.flush();
    }
  }

  private take(record: string): void {
    this.fields.setRecord(record);
    this.globals.set('NR', numeric(this.number('NR') + 1));
    this.globals.set('FNR', numeric(this.number('FNR') + 1));
  }

  private async selects(rule: Rule): Promise<boolean> {
    if (rule.pattern === null) return true;
    if (rule.until === null) return isTrue(await this.value(rule.pattern));
    if (!this.inRange.has(rule)) {
      if (!isTrue(await this.value(rule.pattern))) return false;
      this.inRange.add(rule);
    }
    if (isTrue(await this.value(rule.until))) this.inRange.delete(rule);
    return true;
  }

  // ---- statements

  protected async perform(statement: Statement): Promise<void> {
    switch (statement.is) {
      case 'block':
        for (const one of statement.body) {
          await this.perform(one);
          if (this.flow !== null) return;
        }
        return;
      case 'expression':
        await this.value(statement.value);
        return;
      case 'print':
      case 'printf':
        return this.print(statement);
      case 'if':
        if (isTrue(await this.value(statement.test))) return this.perform(statement.yes);
        return statement.no === null ? undefined : this.perform(statement.no);
      case 'while':
        return this.loop(statement.isAfter, statement.test, { body: statement.body, next: null });
      case 'for':
        if (statement.start !== null) await this.perform(statement.start);
        return this.loop(false, statement.test, statement);
      case 'each':
        return this.each(statement);
      case 'delete':
        if (statement.keys === null) this.array(statement.name).clear();
        else this.array(statement.name).delete(await this.key(statement.keys));
        return;
      case 'break':
      case 'continue':
      case 'next':
        this.flow = statement.is;
        return;
      case 'exit':
        if (statement.value !== null) this.status = toNumber(await this.value(statement.value)) & 255;
        this.flow = 'exit';
        return;
      case 'return':
        this.returned = statement.value === null ? EMPTY : await this.value(statement.value);
        this.flow = 'return';
    }
  }

  /** After a round: true to leave the loop. */
  private isOver(): boolean {
    if (this.flow === 'break' || this.flow === 'continue') {
      const isBreak = this.flow === 'break';
      this.flow = null;
      return isBreak;
    }
    return this.flow !== null;
  }

  private async loop(
    isAfter: boolean,
    test: Expr | null,
    { body, next }: { body: Statement; next: Statement | null },
  ): Promise<void> {
    for (let isFirst = isAfter; ; isFirst = false) {
      await this.streams.round();
      if (!isFirst && test !== null && !isTrue(await this.value(test))) return;
      await this.perform(body);
      if (this.isOver()) return;
      if (next !== null) await this.perform(next);
    }
  }

  private async each({ variable, array, body }: Extract<Statement, { is: 'each' }>): Promise<void> {
    for (const key of [...this.array(array).keys()]) {
      this.setScalar(variable, fromInput(key));
      await this.perform(body);
      if (this.isOver()) return;
    }
  }

  private async print({ is, args, to }: Extract<Statement, { is: 'print' | 'printf' }>): Promise<void> {
    let text: string;
    if (is === 'printf') text = await this.formatted(args);
    else if (args.length === 0) text = this.record() + this.text('ORS');
    else {
      const cells: string[] = [];
      for (const arg of args) cells.push(toText(await this.value(arg), this.text('OFMT')));
      text = cells.join(this.text('OFS')) + this.text('ORS');
    }
    if (to === null) await this.streams.print(text);
    else await this.streams.write(to.op, await this.string(to.target), text);
  }
}
