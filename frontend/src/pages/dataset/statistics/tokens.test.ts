import { expect, test } from 'vitest'
import { type Language, tokensOf } from './tokens'

function colored(text: string, language: Language): string {
  return tokensOf(text, language)
    .map(({ text: piece, kind }) => (kind === null ? piece : `<${kind}>${piece}</${kind}>`))
    .join('')
}

test('Python: comments, keys, values', () => {
  expect(colored('# a "b" 1\nimport triptych\nw = {"a": 0.5, "b": None}', 'python')).toBe(
    '<c># a "b" 1</c>\n<k>import</k> triptych\nw = {<k>"a"</k>: <v>0.5</v>, <k>"b"</k>: <v>None</v>}',
  )
})

test('JSON: a text with a colon inside is still a value', () => {
  expect(colored('{"a": "b: c", "n": [1.5e-7, null]}', 'json')).toBe(
    '{<k>"a"</k>: <v>"b: c"</v>, <k>"n"</k>: [<v>1.5e-7</v>, <v>null</v>]}',
  )
})

test('YAML: keys are what begins a line', () => {
  expect(colored('a:\n  "b c": [1, -2]\n  range: x', 'yaml')).toBe(
    '<k>a</k>:\n  <k>"b c"</k>: [<v>1</v>, <v>-2</v>]\n  <k>range</k>: x',
  )
})

test('nothing is lost, whatever stands in it', () => {
  const text = '# "\n{"\\"": "\\\\", \'x\': 1} "unclosed\n'
  for (const language of ['python', 'json', 'yaml'] as const) {
    expect(
      tokensOf(text, language)
        .map((token) => token.text)
        .join(''),
    ).toBe(text)
  }
})
