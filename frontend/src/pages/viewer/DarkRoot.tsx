import { MantineProvider, Portal, useMantineTheme } from '@mantine/core'
import type { ReactNode } from 'react'
import { resolveVariables } from '@/theme/theme'

const ROOT = 'viewer'

const nonce = () => document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
const root = () => document.getElementById(ROOT) ?? undefined

/** The viewer is dark whatever the rest of the product is; menus and dialogs open within it. */
export function DarkRoot({ children }: { children: ReactNode }) {
  const theme = useMantineTheme()
  const portals = Portal.extend({ defaultProps: { target: `#${ROOT}` } })
  return (
    <div id={ROOT} className="always-dark viewer-root" data-mantine-color-scheme="dark">
      <MantineProvider
        theme={{ ...theme, components: { ...theme.components, Portal: portals } }}
        cssVariablesResolver={resolveVariables}
        cssVariablesSelector={`#${ROOT}`}
        getRootElement={root}
        forceColorScheme="dark"
        getStyleNonce={nonce}
        withGlobalClasses={false}
      >
        {children}
      </MantineProvider>
    </div>
  )
}
