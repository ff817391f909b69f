// How `read` cuts its line: all but the last variable get one field, the last the rest without outer white space.

interface Char {
  readonly char: string;
  readonly isPlain: boolean;
}

export interface ReadCut {
  readonly ifs: string;
  readonly count: number;
  readonly isRaw: boolean;
}

function charsOf(text: string, isRaw: boolean): readonly Char[] {
  const chars: Char[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && !isRaw) {
      i++;
      if (i < text.length) chars.push({ char: text[i] ?? '', isPlain: true });
    } else chars.push({ char: text[i] ?? '', isPlain: false });
  }
  return chars;
}

export function fieldsForRead(text: string, { ifs, count, isRaw }: ReadCut): readonly string[] {
  const chars = charsOf(text, isRaw);
  const isDelimiter = (c: Char | undefined): boolean => c !== undefined && !c.isPlain && ifs.includes(c.char);
  const isSpace = (c: Char | undefined): boolean => isDelimiter(c) && c !== undefined && ' \t\n'.includes(c.char);
  const fields: string[] = [];
  let at = 0;
  const skipSpace = (): void => {
    while (isSpace(chars[at])) at++;
  };
  const oneField = (): string => {
    let field = '';
    for (; at < chars.length && !isDelimiter(chars[at]); at++) field += chars[at]?.char ?? '';
    skipSpace();
    if (at < chars.length && isDelimiter(chars[at])) {
      at++;
      skipSpace();
    }
    return field;
  };
  skipSpace();
  while (fields.length < count - 1) fields.push(oneField());
  const start = at;
  const field = oneField();
  if (at >= chars.length) fields.push(field);
  else {
    let end = chars.length;
    while (end > start && isSpace(chars[end - 1])) end--;
    fields.push(
      chars
        .slice(start, end)
        .map(c => c.char)
        .join(''),
    );
  }
  return fields;
}
