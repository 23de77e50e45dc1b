import { useQueryClient } from '@tanstack/react-query'
import { act, waitFor } from '@testing-library/react'
import { useEffect } from 'react'
import { expect, test, vi } from 'vitest'
import { fetchWorkflow, workflowKeys } from '@/api/workflows'
import { graphOf } from '@/test/graphOf'
import { showInEditor } from './showInEditor'
import { useFlushing } from './useSaving'

const workflow = (revision: number) =>
  Response.json({ id: 'w', revision, name: '', graph: graphOf('a'), problems: [] })

let client: ReturnType<typeof useQueryClient> | undefined
function Flushing() {
  useFlushing()
  const found = useQueryClient()
  useEffect(() => {
    client = found
  }, [found])
  return null
}

test('who opens a workflow again waits for all that is still to be saved, and is not sent away then', async () => {
  const saves: ((answer: Response) => void)[] = []
  const asked: string[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(request.method)
    if (request.method === 'GET') return workflow(3)
    return new Promise(resolve => saves.push(resolve))
  })
  const { document, autosave, unmount } = showInEditor(<Flushing />, { graph: graphOf('a') })
  act(() => document.dispatch({ type: 'rename', name: 'One' }))
  void autosave.flush()
  act(() => document.dispatch({ type: 'rename', name: 'Two' }))
  unmount()

  const queryFn = ({ signal }: { signal: AbortSignal }) => fetchWorkflow('w', signal)
  const opened = client?.fetchQuery({ queryKey: workflowKeys.one('w'), queryFn })
  await waitFor(() => expect(saves).toHaveLength(1))
  saves[0]?.(workflow(2))
  await waitFor(() => expect(saves).toHaveLength(2))
  expect(asked).toEqual(['PATCH', 'PATCH'])
  saves[1]?.(workflow(3))
  expect(await opened).toMatchObject({ revision: 3 })
  expect(client?.getQueryData(workflowKeys.one('w'))).toMatchObject({ revision: 3 })
})
