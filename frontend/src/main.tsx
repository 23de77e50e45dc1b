import './theme/layers'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from '@/app/App'
import { styleNonce } from '@/lib/nonce'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root to draw the app into')
const nonce = styleNonce(root)
createRoot(root).render(
  <StrictMode>
    <App nonce={nonce} />
  </StrictMode>,
)
