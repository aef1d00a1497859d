import { readdirSync, readFileSync } from 'node:fs'

const STYLES = new Set(
  readdirSync('node_modules/@mantine/core/styles').map((file) => file.replace(/\.css$/, '')),
)
const loaded = readFileSync('src/theme/library.ts', 'utf8')

test('every part of the library that a page uses has its style loaded', () => {
  const used = new Set<string>()
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.tsx'),
  )
  for (const file of files) {
    for (const [, names = ''] of readFileSync(`src/${file}`, 'utf8').matchAll(
      /import \{([^}]*)\} from '@mantine\/core'/g,
    )) {
      for (const name of names.split(',')) used.add(name.trim())
    }
  }
  expect(used.size).toBeGreaterThan(10)
  const missing = [...used].filter((name) => STYLES.has(name) && !loaded.includes(`/styles/${name}.css'`))
  expect(missing).toEqual([])
})
