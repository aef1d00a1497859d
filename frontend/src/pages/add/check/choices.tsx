import { Button, SegmentedControl, Select } from '@mantine/core'
import type { Finding } from '@/api/errors'

export type Options = Readonly<Record<string, string>>

/** What names and label files may be written in; the server knows more, these are met in the field. */
export const ENCODINGS = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'cp950', label: 'Traditional Chinese (cp950)' },
  { value: 'gb18030', label: 'Simplified Chinese (gb18030)' },
  { value: 'shift_jis', label: 'Japanese (shift_jis)' },
  { value: 'euc_kr', label: 'Korean (euc_kr)' },
  { value: 'cp437', label: 'English DOS (cp437)' },
  { value: 'latin-1', label: 'Western European (latin-1)' },
]

/** The options with one of them set; an empty value takes it away. */
export function withOption(options: Options, name: string, value: string | null): Record<string, string> {
  const others = Object.fromEntries(Object.entries(options).filter(([each]) => each !== name))
  return value === null || value === '' ? others : { ...others, [name]: value }
}

/** What can be decided about a finding, where there is something. */
export function choiceOf(finding: Finding, options: Options, set: (options: Options) => void) {
  const isOfSizes =
    finding.code === 'size_outside_limits' ||
    (finding.code === 'file_rejected' && finding.subject === 'size_outside_limits')
  if (isOfSizes) {
    return (
      <SegmentedControl
        aria-label="Pictures outside the limits"
        className="find-choice"
        value={options['limits'] ?? 'report'}
        onChange={(value) => set(withOption(options, 'limits', value === 'report' ? null : value))}
        data={[
          { value: 'report', label: 'Import them' },
          { value: 'original', label: 'Reject them' },
        ]}
      />
    )
  }
  const option = { names_guessed: 'encoding', csv_encoding_guessed: 'csv_encoding' }[finding.code]
  if (option !== undefined) {
    return (
      <Select
        aria-label={option === 'encoding' ? 'Encoding of names' : 'Encoding of label files'}
        className="find-choice"
        size="xs"
        w={216}
        placeholder="As guessed"
        clearable
        data={ENCODINGS}
        value={options[option] ?? null}
        onChange={(value) => set(withOption(options, option, value))}
      />
    )
  }
  if (finding.code === 'labels_ignored') {
    return (
      <Button
        size="compact-sm"
        className="find-choice"
        onClick={() => set(withOption(options, 'labels', null))}
      >
        Read them
      </Button>
    )
  }
  return null
}
