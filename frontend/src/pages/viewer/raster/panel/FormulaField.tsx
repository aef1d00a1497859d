import { IconAlertCircle } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { expressionOf } from '../model/shown'
import type { RasterLayer } from '../types'

interface FormulaFieldProps {
  layer: Pick<RasterLayer, 'bands'>
  formula: string
  set: (formula: string) => void
}

/** A formula of bands; it counts as soon as it reads, by Enter or by leaving the field. */
export function FormulaField({ layer, formula, set }: FormulaFieldProps) {
  const [draft, setDraft] = useState(formula)
  const hint = useId()
  const { problem } = expressionOf(draft, layer)
  const end = () => {
    if (problem === null && draft !== formula) set(draft)
  }
  return (
    <div className="formula">
      <input
        className="in sm mono"
        aria-label="Formula"
        aria-invalid={problem !== null}
        aria-describedby={hint}
        spellCheck={false}
        autoComplete="off"
        value={draft}
        onChange={({ currentTarget }) => setDraft(currentTarget.value)}
        onBlur={end}
        onKeyDown={({ key }) => {
          if (key === 'Enter') end()
          if (key === 'Escape') setDraft(formula)
        }}
      />
      <p id={hint} className={`s11 ${problem === null ? 'm3' : 'bad'}`} aria-live="polite">
        {problem === null ? (
          'Bands by name, + - * / ( ), min, max, abs, sqrt, log, where. Enter shows it.'
        ) : (
          <>
            <IconAlertCircle size={13} stroke={1.7} aria-hidden /> <bdi>{problem}</bdi>
          </>
        )}
      </p>
    </div>
  )
}
