import { Button, CopyButton, TextInput } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'

/** Something that is shown this once, to be copied. */
export function Secret({ label, value, hint }: { label: string; value: string; hint: string }) {
  return (
    <div className="row secret">
      <TextInput
        className="grow"
        label={label}
        description={hint}
        inputWrapperOrder={['label', 'input', 'description']}
        readOnly
        value={value}
        styles={{ input: { fontFamily: 'var(--mono)' } }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button
            onClick={copy}
            leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}
