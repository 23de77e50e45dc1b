import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { RouterProvider } from 'react-router'
import { schemeManager } from '@/theme/scheme'
import { cssVariables, theme } from '@/theme/theme'
import { createQueryClient } from './query'
import { createRouter } from './router'
import { ThemeAttribute } from './ThemeAttribute'

const scheme = schemeManager()

/** Everything that is there once: theme, data cache, notices, and the router with its screens. */
export function App({ nonce }: { nonce: string }) {
  const [queries] = useState(createQueryClient)
  const [router] = useState(createRouter)
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={scheme}
      defaultColorScheme="auto"
      getStyleNonce={nonce ? () => nonce : undefined}
    >
      <ThemeAttribute />
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-center" limit={3} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  )
}
