import { Button, SegmentedControl, Select } from '@mantine/core'
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react'
import { useEffect, useMemo, useState } from 'react'
import { Link } from 'react-router'
import { type Counted, nounOf } from '@/parts/charts/distribution'
import { copyText } from '@/parts/copyText'
import { count } from '@/parts/format'
import { Note, ProblemNote } from '@/parts/Messages'
import { toastProblem } from '@/parts/toast'
import { itemsWords } from '@/parts/words'
import { tabAddress } from '../addresses'
import { countedIn } from '../counted'
import { useDataset } from '../useDataset'
import { useChoice } from '../useParameter'
import { type Asked, jsonText, pythonText, yamlText } from './code'
import { type Language, tokensOf } from './tokens'
import { isByRecipe } from './channels'
import { CONVENTIONS, type Convention, type Training, type TrainingLayer } from './types'
import { useLayer } from './useLayer'
import { useConfiguration, useConfigurationAddress, useIsTrainable } from './useTerraTorch'

interface TrainingCardProps {
  training: Training | null
  /** The annotation set whose weights are shown. */
  set: string | null
  scaled: boolean
}

const LANGUAGES = [
  { value: 'python', label: 'Python' },
  { value: 'json', label: 'JSON' },
  { value: 'yaml', label: 'YAML' },
]
const TERRATORCH = { value: 'terratorch', label: 'TerraTorch' }
const WAYS = ['python', 'json', 'yaml', 'terratorch'] as const
type Way = (typeof WAYS)[number]

const CONVENTION_WORDS: Record<Convention, string> = {
  inverse_frequency: 'balanced',
  median_frequency: 'median frequency',
  effective_number: 'effective number',
}

/** What a training loop needs to know of the train part, as text to copy. */
export function TrainingCard({ training, set, scaled }: TrainingCardProps) {
  const here = useDataset()
  const { show, version } = here
  const isTrainable = useIsTrainable()
  const [asked, setWay] = useChoice('code', WAYS)
  const way = asked === 'terratorch' && !isTrainable ? 'python' : asked
  const [convention, setConvention] = useChoice('weights', CONVENTIONS)
  const [layer] = useLayer(Object.keys(training?.layers ?? {}))
  const hasClasses = set !== null && Object.keys(training?.sets[set]?.counts ?? {}).length > 0
  const address = useConfigurationAddress(hasClasses ? convention : null)
  const configuration = useConfiguration(address, way === 'terratorch')
  const own = useMemo(
    () =>
      training === null || way === 'terratorch'
        ? ''
        : textOf(way, {
            name: show.name,
            displayName: show.display_name,
            items: itemsWords(show.modality),
            version,
            training,
            layer,
            set: hasClasses ? set : null,
            convention,
            scaled,
          }),
    [
      training,
      way,
      show.name,
      show.display_name,
      show.modality,
      version,
      layer,
      set,
      hasClasses,
      convention,
      scaled,
    ],
  )
  if (training === null) return null
  const text = way === 'terratorch' ? (configuration.data ?? '') : own
  const withWeights = hasClasses && (way === 'python' || way === 'terratorch')
  return (
    <section className="card" aria-label="Training parameters">
      <header>
        <h3 className="card-title">Training parameters</h3>
        <span className="row right statistics-tools">
          <span className="m3">version {count(version)}</span>
          {way === 'terratorch' && (
            <Button
              size="xs"
              component="a"
              href={address}
              download
              leftSection={<IconDownload size={14} aria-hidden />}
            >
              Download
            </Button>
          )}
          <Copy text={text} />
        </span>
      </header>
      <div className="row code-bar">
        <SegmentedControl
          className="small-seg"
          aria-label="Language"
          data={isTrainable ? [...LANGUAGES, TERRATORCH] : LANGUAGES}
          value={way}
          onChange={(value) => setWay(value as Way)}
        />
        {withWeights && (
          <Select
            size="xs"
            className="right code-weights"
            aria-label="Class weights"
            data={CONVENTIONS.map((value) => ({ value, label: `weights: ${CONVENTION_WORDS[value]}` }))}
            value={convention}
            allowDeselect={false}
            onChange={(value) => value !== null && setConvention(value)}
          />
        )}
      </div>
      <ProblemNote error={way === 'terratorch' ? configuration.error : null} />
      <Code text={text} language={way === 'terratorch' ? 'yaml' : way} />
      <div className="s12 m3 code-foot">
        From the train part alone. {footText(way, training, layer, scaled)}{' '}
        {withWeights && weightsText(training, set, convention, countedIn(show, set))}
      </div>
      {set === null && (
        <div className="code-missing">
          <Note kind="acc">
            <b>A model cannot be trained yet.</b> The {itemsWords(show.modality)[1]} have no labels.{' '}
            <Link to={tabAddress(here, 'annotations')}>Import an annotation set.</Link>
          </Note>
        </div>
      )}
    </section>
  )
}

function textOf(language: Exclude<Way, 'terratorch'>, asked: Asked): string {
  if (language === 'python') return pythonText(asked)
  return language === 'json' ? jsonText(asked.training) : yamlText(asked.training)
}

function Code({ text, language }: { text: string; language: Language }) {
  const tokens = useMemo(() => tokensOf(text, language), [text, language])
  return (
    <pre
      className="code statistics-code"
      // A long text scrolls, also by keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label={`Training parameters as ${language}`}
      dir="ltr"
    >
      {tokens.map(({ text: piece, kind }, index) =>
        kind === null ? (
          piece
        ) : (
          <span key={index} className={kind}>
            {piece}
          </span>
        ),
      )}
    </pre>
  )
}

const SAID_MS = 2000

function Copy({ text }: { text: string }) {
  const [copied, setCopied] = useState<string | null>(null)
  useEffect(() => {
    if (copied === null) return
    const timer = setTimeout(() => setCopied(null), SAID_MS)
    return () => clearTimeout(timer)
  }, [copied])
  const isCopied = copied === text
  const copy = () => {
    copyText(text)
      .then(() => setCopied(text))
      .catch((error: unknown) => toastProblem(error, 'It could not be copied'))
  }
  return (
    <Button
      size="xs"
      onClick={copy}
      leftSection={isCopied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
    >
      <span aria-live="polite">{isCopied ? 'Copied' : 'Copy'}</span>
    </Button>
  )
}

function footText(way: Way, training: Training, layer: string, scaled: boolean): string {
  if (way === 'python') return valuesText(training.layers[layer], scaled)
  if (way === 'terratorch')
    return 'Paths are those of the training archive, which Export has with this configuration in it.'
  return 'The same document as `triptych stats --json` has as “training”.'
}

function valuesText(layer: TrainingLayer | undefined, scaled: boolean): string {
  if (scaled && isByRecipe(layer)) return 'Scale and offset of the recipe are applied.'
  if (scaled && layer?.scaled != null) return 'Values 0 to 1.'
  return 'Values as in the files.'
}

function weightsText(training: Training, set: string, convention: Convention, counted: Counted): string {
  const found = training.sets[set]
  if (found === undefined) return ''
  const { many } = nounOf(found.task, counted)
  if (convention === 'median_frequency')
    return `Weights: median of the classes’ ${many} ÷ ${many} of the class.`
  if (convention === 'effective_number') {
    const beta = String(found.weights.beta)
    return `Weights: (1 − ${beta}) ÷ (1 − ${beta}ⁿ) for n ${many}, scaled to the number of classes.`
  }
  return `Weights: ${many} ÷ (classes × ${many} of the class).`
}
