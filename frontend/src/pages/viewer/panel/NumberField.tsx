import { useState } from 'react'

interface NumberFieldProps {
  label: string
  /** What the letter stands for. */
  name: string
  value: number
  digits: number
  commit: (value: number) => void
}

/** A number that counts once it is confirmed: by Enter or by leaving the field; arrows step by one. */
export function NumberField({ label, name, value, digits, commit }: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const text = String(Number(value.toFixed(digits)))
  const end = (entered: string) => {
    setDraft(null)
    const wanted = Number(entered.replace(',', '.').replace('\u2212', '-'))
    if (entered.trim() !== '' && Number.isFinite(wanted) && entered !== text) commit(wanted)
  }
  return (
    <label className="row s12 number-field" title={name}>
      <span className="m3" aria-hidden>
        {label}
      </span>
      <input
        className="in sm grow"
        aria-label={name}
        inputMode="decimal"
        value={draft ?? text}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={(event) => end(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') end(event.currentTarget.value)
          if (event.key === 'Escape') setDraft(null)
          if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
            event.preventDefault()
            setDraft(null)
            commit(value + (event.key === 'ArrowUp' ? 1 : -1) * 10 ** (digits === 0 ? 0 : -2))
          }
        }}
      />
    </label>
  )
}
