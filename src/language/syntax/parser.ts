// Parses tokens into a syntax tree, one statement a line. Every line is parsed by itself: a mistake spoils at
// most its line, and what could be read of the line stays in the tree.

import { initialisers, sectionWords, statementWords } from '../words.ts';
import { ExpressionReader } from './expressions.ts';
import { readLines, type Token } from './lexer.ts';
import { type Edit, excerpt, insert, type Range, Report, remove, replace } from './source.ts';
import type {
  InitialiserNode,
  Name,
  Node,
  Section,
  Setting,
  SettingsKind,
  SourceFile,
  Statement,
  Word,
} from './syntax.ts';
import { vectorReads } from './walk.ts';

type Header =
  | { readonly kind: 'cell'; readonly name: Name; readonly range: Range }
  | { readonly kind: SettingsKind; readonly range: Range };

/** Returns the syntax tree of any text, and reports to `report` what is wrong with it. */
export function parse(text: string, report = new Report()): SourceFile {
  const { lines, comments } = readLines(text, report);
  const parts: { header: Header; body: (Statement | Setting)[] }[] = [];
  for (const tokens of lines) {
    const parser = new LineParser(text, tokens, report);
    const header = parser.header();
    if (header) {
      parts.push({ header, body: [] });
    } else {
      if (parts.length === 0) {
        const { from } = tokens[0].range;
        const mend = insert(from, 'cell MyCell\n  ', 'Begin with `cell MyCell`');
        report.error(tokens[0].range, 'This belongs to no cell yet: begin with `cell NAME`.', mend);
        const range = { from, to: from };
        parts.push({ header: { kind: 'cell', name: { kind: 'name', text: '', range }, range }, body: [] });
      }
      const { header, body } = parts[parts.length - 1];
      const read = header.kind === 'cell' ? parser.statement() : parser.setting(header.kind);
      if (read) body.push(read);
    }
    parser.end();
  }
  return { text, sections: parts.map(({ header, body }) => toSection(header, body)), comments };
}

function toSection(header: Header, body: (Statement | Setting)[]): Section {
  const to = body[body.length - 1]?.range.to ?? header.range.to;
  const ranges = { header: header.range, range: { from: header.range.from, to } };
  return header.kind === 'cell'
    ? { kind: 'cell', name: header.name, statements: body as Statement[], ...ranges }
    : { kind: header.kind, settings: body as Setting[], ...ranges };
}

class LineParser extends ExpressionReader {
  header(): Header | null {
    const [first, second] = this.tokens;
    if (first.kind !== 'name' || !sectionWords.has(first.text)) return null;
    if (second?.text === '[' || second?.text === '=') return null;
    this.position = 1;
    if (first.text !== 'cell') return { kind: first.text as SettingsKind, range: first.range };
    const name = this.name('the name of the cell');
    return { kind: 'cell', name, range: this.since(first.range.from) };
  }

  statement(): Statement | null {
    const [first, second] = this.tokens;
    if (first.kind === 'name' && statementWords.has(first.text) && !['[', '='].includes(second?.text)) {
      this.position = 1;
      return this.#worded(first);
    }
    if (first.kind !== 'name') {
      this.fail(first.range, 'A line begins with the name that it defines, as in `h[t] = tanh(W x[t])`.');
      return null;
    }
    const target = this.name('a name');
    if (!this.sees('[') && !this.atRoundStep()) {
      const likely = this.report.likely(first.text, statementWords.keys());
      const mend = likely && second?.kind === 'name' ? replace(first.range, likely) : undefined;
      if (!this.expect('=', `After \`${first.text}\`, \`=\` and its value are missing.`, mend)) return null;
      const value = this.expression();
      return { kind: 'constant', target, value, range: this.since(target.range.from) };
    }
    const index = this.index();
    const indexRange = this.since(target.range.from);
    const shown = excerpt(this.text, indexRange);
    if (!this.expect('=', `After \`${shown}\`, \`=\` and its value are missing.`)) return null;
    if (index === 'start') return this.#initial(target);
    const at = index?.index ?? 't';
    const value = this.expression();
    if (index && index.lag !== 0) {
      const now = replace(
        { from: target.range.to, to: indexRange.to },
        `[${at}]`,
        `Write \`${target.text}[${at}]\``,
      );
      const [message, mend] =
        index.lag > 0
          ? [`An equation says what \`${target.text}[${at}]\` is; \`${shown}\` can only be read.`, now]
          : [
              `An equation says what \`${target.text}[${at}]\` is, from this step and those before: move each step of it back by ${-index.lag}.`,
              { title: 'Move all steps back', edits: [...now.edits, ...earlier(value, -index.lag)] },
            ];
      this.report.error(indexRange, message, mend);
    }
    return { kind: 'equation', target, index: at, value, range: this.since(target.range.from) };
  }

  setting(section: SettingsKind): Setting | null {
    const [first, second] = this.tokens;
    if (first.kind !== 'name') {
      this.fail(first.range, `A line of \`${section}\` is a name, \`=\` and a value.`);
      return null;
    }
    if (second?.text === '[') {
      this.fail(first.range, 'An equation belongs to a cell: put it below its `cell NAME`.');
      return null;
    }
    const name = this.name('a name');
    if (!this.takes('=')) {
      const mend = second && insert(first.range.to, ' =', 'Insert `=`');
      this.report.error(first.range, `After \`${first.text}\`, \`=\` is missing.`, mend);
    }
    const items: Word[][] = [[]];
    for (let token = this.peek(); token; token = this.peek()) {
      const item = items[items.length - 1];
      if (token.text === ',') {
        this.position++;
        items.push([]);
      } else if (token.kind === 'name') {
        item.push(this.#hyphenated(this.name('a value')));
      } else if (token.kind === 'number' || token.text === '-') {
        const number = this.number('a value');
        if (!number) break;
        item.push(number);
      } else {
        break;
      }
    }
    const empty = items.some(({ length }) => length === 0);
    if (empty && !this.lost) this.fail(this.here(), `\`${name.text}\` has no value here.`);
    return { kind: 'setting', name, items, range: this.since(name.range.from) };
  }

  /** Joins a name with those that hyphens without space tie to it, as in `encoder-decoder`. */
  #hyphenated(name: Name): Name {
    const parts = [name.text];
    let { to } = name.range;
    for (;;) {
      const hyphen = this.tokens[this.position];
      const part = this.tokens[this.position + 1];
      const isTied =
        hyphen?.text === '-' &&
        part?.kind === 'name' &&
        hyphen.range.from === to &&
        part.range.from === hyphen.range.to;
      if (!isTied) break;
      parts.push(part.text);
      to = part.range.to;
      this.position += 2;
    }
    return parts.length === 1 ? name : { ...name, text: parts.join('-'), range: { ...name.range, to } };
  }

  /** Reports the unread rest of the line, once. */
  end(): void {
    const token = this.peek();
    if (!token || this.lost) return;
    const { text, range } = token;
    if (text === ')' || text === ']') {
      this.fail(range, `This \`${text}\` closes nothing.`, remove(range, `Remove \`${text}\``));
    } else {
      this.fail(range, `The statement should end before \`${text}\`.`);
    }
  }

  #worded(word: Token): Statement | null {
    const { from } = word.range;
    switch (word.text) {
      case 'init': {
        const targets = this.#names('init');
        if (!this.expect('=', 'After the name, `=` and an initial value are missing.')) return null;
        return { kind: 'init', targets, value: this.#initialiser(), range: this.since(from) };
      }
      case 'fixed':
        return { kind: 'fixed', targets: this.#names('fixed'), range: this.since(from) };
      case 'stochastic':
        return { kind: 'stochastic', targets: this.#names('stochastic'), range: this.since(from) };
      case 'output': {
        const target = this.name('the name of a vector');
        const bracket = this.here();
        const place = this.sees('[') ? this.index() : { index: 't', lag: 0 };
        const isNow = place !== null && place !== 'start' && place.index === 't' && place.lag === 0;
        if (!isNow && !this.lost) {
          this.fail(bracket, `The output is a vector of this step: \`${target.text}[t]\`.`);
        }
        const distribution = this.takes('as');
        if (distribution) this.expect('distribution', 'After `as` stands `distribution`.');
        return { kind: 'output', target, distribution, range: this.since(from) };
      }
      default: {
        const targets = this.#names('width');
        if (!this.expect('=', 'After the name, `=` and a number of units are missing.')) return null;
        const next = this.peek();
        const value = next?.kind === 'name' ? this.name('') : this.number('a number of units');
        return value && { kind: 'width', targets, value, range: this.since(from) };
      }
    }
  }

  #initial(target: Name): Statement {
    const learned = this.takes('learned');
    let value: Node | null = null;
    if (!learned || this.takes('from')) value = this.expression('first');
    const first = this.takes('first') ? this.number('a number of units') : null;
    return { kind: 'initial', target, learned, value, first, range: this.since(target.range.from) };
  }

  #initialiser(): InitialiserNode | Node {
    const token = this.peek();
    if (token?.kind !== 'name' || !initialisers.has(token.text)) return this.expression('radius');
    const name = this.name('');
    const called = this.sees('(') ? this.arguments() : [];
    const radius = this.takes('radius') ? this.expression() : null;
    return { kind: 'initialiser', name, arguments: called, radius, range: this.since(name.range.from) };
  }

  #names(word: string): Name[] {
    const names = [this.name(`a name after \`${word}\``)];
    while (this.takes(',')) names.push(this.name('a name after `,`'));
    return names.filter(({ text }) => text !== '');
  }
}

/** Returns the edits that read each vector of an expression so many steps earlier. */
function earlier(value: Node, steps: number): Edit[] {
  return vectorReads(value).flatMap(({ name, index, lag, range }) => {
    if (index === 's') return [];
    const step = lag + steps;
    const shown = step === 0 ? 't' : step > 0 ? `t-${step}` : `t+${-step}`;
    return [
      { range: { from: name.range.to, to: range.to }, text: index === 't' ? `[${shown}]` : `[${shown},s]` },
    ];
  });
}
