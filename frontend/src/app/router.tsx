import { createBrowserRouter, Navigate } from 'react-router'
import { NotFound, ScreenError } from './NotFound'
import { Shell } from './Shell'

/** The addresses of the app. Each screen is loaded when it is first opened. */
export function createRouter() {
  return createBrowserRouter([
    {
      path: '/',
      element: <Shell />,
      errorElement: <ScreenError />,
      hydrateFallbackElement: <div />,
      children: [
        { index: true, element: <Navigate to="/workflows" replace /> },
        {
          path: 'workflows',
          lazy: async () => ({ Component: (await import('@/features/workflows')).WorkflowListPage }),
        },
        {
          path: 'workflows/:id',
          lazy: async () => ({ Component: (await import('@/features/editor')).EditorPage }),
        },
        {
          path: 'library',
          lazy: async () => ({ Component: (await import('@/features/catalog')).LibraryPage }),
        },
        {
          path: 'runs',
          lazy: async () => ({ Component: (await import('@/features/runs')).RunListPage }),
        },
        {
          path: 'runs/:id',
          lazy: async () => ({ Component: (await import('@/features/runs')).RunPage }),
        },
        { path: '*', element: <NotFound /> },
      ],
    },
  ])
}
