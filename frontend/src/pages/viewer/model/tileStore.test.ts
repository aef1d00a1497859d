import { type RawTile, tileOf } from './tiles'
import { Dropped, type Fetching, type TileAddress, TileStore } from './tileStore'

const at = (sha256: string, column = 0): TileAddress => ({ sha256, frame: 0, level: 0, column, row: 0 })
const tile = (): RawTile => tileOf(new ArrayBuffer(100), '10,10', 'uint8')

function held() {
  const waiting = new Map<string, (tile: RawTile) => void>()
  const asked: string[] = []
  const fetching: Fetching = ({ sha256, column }, signal) => {
    asked.push(`${sha256}${column}`)
    return new Promise((resolve, reject) => {
      waiting.set(`${sha256}${column}`, resolve)
      signal.addEventListener('abort', () => reject(new Error('aborted')))
    })
  }
  return { fetching, asked, answer: (key: string) => waiting.get(key)?.(tile()) }
}

test('a tile that two wait for is fetched once, and then it is here', async () => {
  const { fetching, asked, answer } = held()
  const store = new TileStore(fetching, 1000)
  const both = Promise.all([store.load(at('a')), store.load(at('a'))])
  answer('a0')
  const [first, second] = await both
  expect(first).toBe(second)
  expect(asked).toEqual(['a0'])
  expect(store.peek(at('a'))).toBe(first)
})

test('the least recently used goes when the budget is full', async () => {
  const store = new TileStore(() => Promise.resolve(tile()), 250)
  await store.load(at('a'))
  await store.load(at('b'))
  store.peek(at('a'))
  await store.load(at('c'))
  expect([at('a'), at('b'), at('c')].map((each) => store.peek(each) !== undefined)).toEqual([
    true,
    false,
    true,
  ])
})

test('what is asked for now goes before what is fetched ahead', async () => {
  const { fetching, asked, answer } = held()
  const store = new TileStore(fetching, 1000)
  store.ahead([1, 2, 3, 4, 5].map((column) => at('n', column)))
  expect(asked).toEqual(['n1', 'n2', 'n3', 'n4'])
  const now = store.load(at('a'))
  expect(asked).toEqual(['n1', 'n2', 'n3', 'n4', 'a0'])
  answer('a0')
  await now
  expect(asked).toHaveLength(5)
})

test('a picture that is left is not waited for, and can be asked for again', async () => {
  const { fetching, asked, answer } = held()
  const store = new TileStore(fetching, 1000)
  const left = store.load(at('a'))
  const stays = store.load(at('b'))
  expect(store.keepOnly(new Set(['b']))).toEqual(new Set(['a']))
  await expect(left).rejects.toBeInstanceOf(Dropped)
  answer('b0')
  await stays
  const again = store.load(at('a'))
  answer('a0')
  await expect(again).resolves.toBeDefined()
  expect(asked).toEqual(['a0', 'b0', 'a0'])
})

test('a plane that is left is given up, the others of its file are not', async () => {
  const store = new TileStore(() => new Promise(() => undefined), 1000)
  const left = store.load({ ...at('a'), frame: 3 })
  void store.load({ ...at('a'), frame: 4 })
  expect(store.keepOnly(new Set(['a:4']))).toEqual(new Set(['a:3']))
  await expect(left).rejects.toBeInstanceOf(Dropped)
})

test('a tile that failed is fetched anew when it is asked for again', async () => {
  let attempts = 0
  const store = new TileStore(() => {
    attempts += 1
    return attempts === 1 ? Promise.reject(new Error('broken')) : Promise.resolve(tile())
  }, 1000)
  await expect(store.load(at('a'))).rejects.toThrow('broken')
  await expect(store.load(at('a'))).resolves.toBeDefined()
})
