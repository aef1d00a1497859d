/** Colours for the three languages of the training parameters: comments, names, values. */

export type Language = 'python' | 'json' | 'yaml'

export interface Token {
  text: string
  /** A class of the stylesheet's: c comment, k name or keyword, v value; none for what lies between. */
  kind: 'c' | 'k' | 'v' | null
}

const STRING = String.raw`"(?:[^"\\\n]|\\.)*"`
const NUMBER = String.raw`-?\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b`

const RULES: Record<Language, RegExp> = {
  python: new RegExp(
    String.raw`(?<c>#[^\n]*)|(?<k>${STRING}(?=:)|\bimport\b)|(?<v>${STRING}|${NUMBER}|\bNone\b)`,
    'g',
  ),
  json: new RegExp(
    String.raw`(?<c>(?!))|(?<k>${STRING}(?=:))|(?<v>${STRING}|${NUMBER}|\b(?:true|false|null)\b)`,
    'g',
  ),
  yaml: new RegExp(
    String.raw`(?<c>^#[^\n]*)|(?<k>(?<=^ *)(?:${STRING}|[a-z0-9_]+)(?=:))|(?<v>${STRING}|${NUMBER}|\b(?:true|false|null)\b)`,
    'gm',
  ),
}

/** The text in pieces; put together they are the text again. */
export function tokensOf(text: string, language: Language): Token[] {
  const tokens: Token[] = []
  let end = 0
  for (const match of text.matchAll(RULES[language])) {
    if (match.index > end) tokens.push({ text: text.slice(end, match.index), kind: null })
    const kind = (['c', 'k', 'v'] as const).find((each) => match.groups?.[each] !== undefined) ?? null
    tokens.push({ text: match[0], kind })
    end = match.index + match[0].length
  }
  if (end < text.length) tokens.push({ text: text.slice(end), kind: null })
  return tokens
}
