import { Pace } from './pace'

test('a steady pace is told as it is, time left only after three seconds', () => {
  const pace = new Pace()
  for (let at = 0; at <= 2_800; at += 200) pace.add(at, at * 1_000)
  expect(pace.rate(2_800)).toBeCloseTo(1_000_000)
  expect(pace.secondsLeft(2_800, 5_000_000)).toBeNull()
  for (let at = 3_000; at <= 4_000; at += 200) pace.add(at, at * 1_000)
  expect(pace.secondsLeft(4_000, 5_000_000)).toBeCloseTo(5)
})

test('the last six seconds count, not the beginning', () => {
  const pace = new Pace()
  for (let at = 0; at <= 10_000; at += 500) pace.add(at, at * 100)
  for (let at = 10_500; at <= 17_000; at += 500) pace.add(at, 1_000_000 + (at - 10_000) * 1_000)
  expect(pace.rate(17_000)).toBeCloseTo(1_000_000, -4)
})

test('a standstill lowers the rate instead of keeping the last one', () => {
  const pace = new Pace()
  for (let at = 0; at <= 4_000; at += 200) pace.add(at, at * 1_000)
  expect(pace.rate(8_000)).toBeCloseTo(500_000)
})

test('nothing is known at first, after a restart, and when bytes went back', () => {
  const pace = new Pace()
  expect(pace.rate(0)).toBeNull()
  pace.add(0, 0)
  pace.add(4_000, 4_000_000)
  expect(pace.rate(4_000)).toBeCloseTo(1_000_000)
  pace.add(5_000, 1_000_000)
  expect(pace.rate(5_000)).toBeNull()
  pace.restart()
  pace.add(9_000, 1_000_000)
  expect(pace.secondsLeft(9_500, 10)).toBeNull()
})
