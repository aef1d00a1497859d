import { Button } from '@mantine/core'
import { Note, ProblemNote } from '@/parts/Messages'
import { SourceCard } from '../check/SourceCard'
import { WillBeImported } from '../check/WillBeImported'
import { GeoConfigure } from '../geospatial/GeoConfigure'
import type { Wizard } from '../useWizard'
import { AboutCard } from './AboutCard'
import { OptionsCard } from './OptionsCard'

/** What the dataset is called and how its files are read. */
export function ConfigureStep({ wizard }: { wizard: Wizard }) {
  const { source, filename, check, draft, change, go } = wizard
  if (source === null) return null
  if (wizard.geo !== null) return <GeoConfigure wizard={wizard} geo={wizard.geo} />
  return (
    <div className="wizard-two">
      <div>
        <AboutCard wizard={wizard} />
        {check.error !== null && (
          <>
            <ProblemNote error={check.error} />
            <div className="row">
              <Button onClick={() => change({ options: {} })}>Read it as it was proposed</Button>
            </div>
          </>
        )}
        <OptionsCard
          report={check.report}
          options={draft.options}
          set={(options) => change({ options: { ...options } })}
        />
      </div>
      <div aria-busy={check.busy}>
        <SourceCard source={source} filename={filename} report={check.report} change={() => go('source')} />
        {check.report === undefined ? (
          check.error === null && (
            <Note kind="acc">The check is not done yet; you can fill this in meanwhile.</Note>
          )
        ) : (
          <WillBeImported report={check.report} />
        )}
      </div>
    </div>
  )
}
