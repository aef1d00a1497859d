import { TextInput } from '@mantine/core'
import { useState } from 'react'

interface SuffixFieldProps {
  label: string
  value: string
  /** Called when it is left or Enter is pressed: each call checks the source again. */
  set: (value: string) => void
  placeholder?: string
  description?: string | undefined
  error?: string | null
  className?: string
  isInline?: boolean
}

/** How files end; it takes effect when it is left, since the whole source is paired anew by it. */
export function SuffixField({
  label,
  value,
  set,
  isInline = false,
  error = null,
  ...others
}: SuffixFieldProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const take = () => {
    if (typed !== null && typed.trim() !== value) set(typed.trim())
    setTyped(null)
  }
  return (
    <TextInput
      {...(isInline ? { 'aria-label': label } : { label })}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      classNames={{ input: 'mono' }}
      spellCheck={false}
      autoComplete="off"
      value={typed ?? value}
      error={typed === null ? error : null}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take()
      }}
      {...others}
    />
  )
}
