/** Arithmetic of bands, as the server reads it, but reckoned here over whole tiles; nothing is ever run as code. */

type Operator = '+' | '-' | '*' | '/' | '<' | '<=' | '>' | '>=' | '==' | '!='

type Node =
  | { kind: 'number'; value: number }
  | { kind: 'band'; name: string }
  | { kind: 'negative'; of: Node }
  | { kind: 'two'; operator: Operator; left: Node; right: Node }
  | { kind: 'call'; name: FunctionName; of: Node[] }

export interface Expression {
  text: string
  /** Bands that it names, each once. */
  names: readonly string[]
  tree: Node
}

/** Why a text is no expression, in words for people. */
export class BadExpression extends Error {
  override name = 'BadExpression'
}

const FUNCTIONS = { min: 2, max: 2, abs: 1, sqrt: 1, log: 1, where: 3 } as const
type FunctionName = keyof typeof FUNCTIONS

const LONGEST = 500
const DEEPEST = 40
const TOKEN =
  /\s*(?:((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?(?![\w.]))|([A-Za-z_]\w*)|('[^'"\\\n]+'|"[^'"\\\n]+")|(<=|>=|==|!=|[-+*/(),<>]))/y

interface Token {
  kind: 'number' | 'name' | 'quoted' | 'sign'
  text: string
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const end = text.trimEnd().length
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex
    const found = TOKEN.exec(text)
    if (found === null)
      throw new BadExpression(`“${text.slice(at, at + 20).trim()}” at character ${at + 1} is no part of it.`)
    const [, number, name, quoted, sign = ''] = found
    if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.slice(1, -1) })
    else tokens.push({ kind: 'sign', text: sign })
  }
  return tokens
}

const COMPARISONS = ['<', '<=', '>', '>=', '==', '!=']

class Parser {
  readonly names = new Set<string>()
  private at = 0
  private depth = 0

  constructor(
    private readonly tokens: readonly Token[],
    private readonly place: (name: string) => string,
  ) {}

  whole(): Node {
    if (this.tokens.length === 0) throw new BadExpression('There is nothing to reckon.')
    const found = this.sum()
    const left = this.tokens[this.at]
    if (left !== undefined) throw new BadExpression(`“${left.text}” is not expected where it stands.`)
    return found
  }

  private sign(...wanted: string[]): string | null {
    const token = this.tokens[this.at]
    if (token?.kind !== 'sign' || !wanted.includes(token.text)) return null
    this.at += 1
    return token.text
  }

  private need(sign: string): void {
    if (this.sign(sign) === null) throw new BadExpression(`There is a “${sign}” missing.`)
  }

  private nested<T>(inner: () => T): T {
    this.depth += 1
    if (this.depth > DEEPEST) throw new BadExpression(`It is nested more than ${DEEPEST} deep.`)
    const found = inner()
    this.depth -= 1
    return found
  }

  private condition(): Node {
    const left = this.sum()
    const operator = this.sign(...COMPARISONS)
    if (operator === null) throw new BadExpression('where() begins with a comparison, such as B04 > 0.2.')
    return { kind: 'two', operator: operator as Operator, left, right: this.sum() }
  }

  private sum(): Node {
    let left = this.product()
    for (;;) {
      const operator = this.sign('+', '-')
      if (operator === null) return left
      left = { kind: 'two', operator: operator as Operator, left, right: this.product() }
    }
  }

  private product(): Node {
    let left = this.unary()
    for (;;) {
      const operator = this.sign('*', '/')
      if (operator === null) return left
      left = { kind: 'two', operator: operator as Operator, left, right: this.unary() }
    }
  }

  private unary(): Node {
    const sign = this.sign('-', '+')
    if (sign === null) return this.atom()
    const of = this.nested(() => this.unary())
    return sign === '-' ? { kind: 'negative', of } : of
  }

  private atom(): Node {
    if (this.sign('(') !== null) {
      const inner = this.nested(() => this.sum())
      this.need(')')
      return inner
    }
    const token = this.tokens[this.at]
    this.at += 1
    if (token === undefined) throw new BadExpression('It ends too early.')
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) }
    if (token.kind === 'sign') throw new BadExpression(`“${token.text}” is not expected where it stands.`)
    if (token.kind === 'name' && this.sign('(') !== null) return this.call(token.text)
    const name = this.place(token.text)
    this.names.add(name)
    return { kind: 'band', name }
  }

  private call(name: string): Node {
    if (!isFunction(name)) {
      const known = Object.keys(FUNCTIONS).join(', ')
      throw new BadExpression(`There is no function “${name}”; there are ${known}.`)
    }
    const of: Node[] = []
    this.nested(() => {
      for (let index = 0; index < FUNCTIONS[name]; index += 1) {
        if (index > 0) this.need(',')
        of.push(name === 'where' && index === 0 ? this.condition() : this.sum())
      }
    })
    this.need(')')
    return { kind: 'call', name, of }
  }
}

function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name)
}

/** The expression of a text over bands in their order; BadExpression says what is wrong. */
export function parse(text: string, bands: readonly string[]): Expression {
  if (text.length > LONGEST) throw new BadExpression(`It has more than ${LONGEST} characters.`)
  const parser = new Parser(tokensOf(text), (name) => bandCalled(name, bands))
  const tree = parser.whole()
  return { text, names: [...parser.names], tree }
}

function bandCalled(name: string, bands: readonly string[]): string {
  if (bands.includes(name)) return name
  const numbered = /^b([1-9]\d{0,4})$/.exec(name)
  const found = numbered === null ? undefined : bands[Number(numbered[1]) - 1]
  if (found !== undefined) return found
  const shown = `${bands.slice(0, 20).join(', ')}${bands.length > 20 ? ', …' : ''}`
  throw new BadExpression(`There is no band “${name}”; there are ${shown}.`)
}

const NUMBERS: Record<Operator, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
}

/** Values of a part of an expression: one for all pixels, or one for each. */
type Values = number | Float64Array

/** The expression for each of `count` pixels; NaN where a band that it names is NaN, and where it has no value. */
export function evaluate(
  { tree, names }: Pick<Expression, 'tree' | 'names'>,
  bands: ReadonlyMap<string, Float64Array>,
  count: number,
): Float64Array {
  const found = valueOf(tree, bands)
  const all = new Float64Array(count)
  if (typeof found === 'number') all.fill(found)
  else all.set(found)
  const used = names.flatMap((name) => bands.get(name) ?? [])
  for (let index = 0; index < count; index += 1) {
    // Comparisons with NaN are false, so that where() would find a value for a pixel that has none.
    if (!Number.isFinite(all[index]) || used.some((values) => Number.isNaN(values[index]))) all[index] = NaN
  }
  return all
}

function valueOf(node: Node, bands: ReadonlyMap<string, Float64Array>): Values {
  switch (node.kind) {
    case 'number':
      return node.value
    case 'band':
      return bands.get(node.name) ?? NaN
    case 'negative':
      return each((value) => -value, valueOf(node.of, bands))
    case 'two':
      return both(NUMBERS[node.operator], valueOf(node.left, bands), valueOf(node.right, bands))
    case 'call':
      return called(
        node.name,
        node.of.map((part) => valueOf(part, bands)),
      )
  }
}

function called(name: FunctionName, [first = NaN, second = NaN, third = NaN]: Values[]): Values {
  if (name === 'min' || name === 'max') return both((a, b) => Math[name](a, b), first, second)
  if (name !== 'where') return each((value) => Math[name](value), first)
  const length = [first, second, third].find((values) => typeof values !== 'number')?.length
  if (length === undefined) return at(first, 0) !== 0 ? second : third
  return Float64Array.from({ length }, (_, index) => at(at(first, index) !== 0 ? second : third, index))
}

function at(values: Values, index: number): number {
  return typeof values === 'number' ? values : (values[index] ?? NaN)
}

function each(reckon: (value: number) => number, values: Values): Values {
  return typeof values === 'number' ? reckon(values) : values.map(reckon)
}

function both(reckon: (a: number, b: number) => number, a: Values, b: Values): Values {
  if (typeof a === 'number' && typeof b === 'number') return reckon(a, b)
  const length = typeof a === 'number' ? (b as Float64Array).length : a.length
  const all = new Float64Array(length)
  for (let index = 0; index < length; index += 1) all[index] = reckon(at(a, index), at(b, index))
  return all
}

/** A band's name as an expression writes it: in quotes unless it is a plain word that means nothing else. */
export function nameInExpression(band: string): string {
  return /^[A-Za-z_]\w*$/.test(band) && !isFunction(band) ? band : `'${band}'`
}
