import { plainHint } from './hints'

test('hints lose what only a command line can do', () => {
  expect(plainHint('Choose another name with --name.')).toBe('Choose another name.')
  expect(plainHint('Mend the file, or import the pictures alone with --option labels=ignore.')).toBe(
    'Mend the file, or import the pictures alone.',
  )
  expect(plainHint('Make a folder Classes. Or leave out --format.')).toBe('Make a folder Classes.')
  expect(plainHint('Name another with --format.')).toBe('')
  expect(plainHint('Export a dataset with --format parquet.')).toBe('Export a dataset.')
  expect(plainHint('`triptych show` lists the classes of every set.')).toBe('')
  expect(plainHint('Pack the files themselves; with zip leave out --symlinks.')).toContain('--symlinks')
  expect(plainHint('Check that the database runs; `triptych doctor` tells more.')).toContain('doctor')
})
