import '@fontsource-variable/inter/index.css'
import '@fontsource-variable/jetbrains-mono/index.css'
import './theme/library'
import './theme/tokens.css'
import './theme/parts.css'
import './theme/mantine.css'
import './theme/base.css'
import './parts/parts.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { setNonce } from 'get-nonce'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { queryClient } from './api/queries'
import { App } from './frame/App'
import { beginAt } from './frame/pages'
import { Toasts } from './parts/Toasts'
import { resolveVariables, theme } from './theme/theme'

// The server writes a fresh nonce into the page; what Mantine inserts carries it past the Content-Security-Policy.
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
setNonce(nonce)

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no element #root.')
const page = (
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queryClient}>
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </QueryClientProvider>
      <Toasts />
    </MantineProvider>
  </StrictMode>
)
// What could not be loaded says so once it is drawn.
void beginAt(location)
  .catch(() => undefined)
  .then(() => createRoot(root).render(page))
