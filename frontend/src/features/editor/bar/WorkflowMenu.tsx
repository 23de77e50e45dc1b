import { ActionIcon, Menu } from '@mantine/core'
import {
  IconBolt,
  IconCopy,
  IconDots,
  IconDownload,
  IconHistory,
  IconPencil,
  IconTerminal2,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { downloadFile } from '@/api/download'
import { exportAddress, useDuplicateWorkflow } from '@/api/workflows'
import { complain } from '@/components/complain'
import { useImportFile } from '@/components/workflow/useImportFile'
import { useDocument, useParts } from '../context'
import { saveFirst } from '../saveFirst'
import { ArmedDialog } from './ArmedDialog'
import classes from './TopBar.module.css'

interface Props {
  onRename: () => void
}

/** What can be done with the workflow as a whole. */
export function WorkflowMenu({ onRename }: Props) {
  const { id, autosave, mayEdit } = useParts()
  const name = useDocument(document => document.name)
  const navigate = useNavigate()
  const duplicate = useDuplicateWorkflow()
  const importFile = useImportFile()
  const [arming, setArming] = useState(false)
  const size = { size: 17, stroke: 1.75, 'aria-hidden': true } as const

  const download = async (as: 'yaml' | 'shell') => {
    try {
      await saveFirst(autosave)
      await downloadFile(exportAddress(id, as))
    } catch (error) {
      complain(error)
    }
  }
  const copy = async () => {
    try {
      await saveFirst(autosave)
      const made = await duplicate.mutateAsync(id)
      await navigate(`/workflows/${made.id}`)
    } catch (error) {
      complain(error)
    }
  }
  const remove = async () => {
    // The list deletes it after a moment in which it can be taken back.
    await autosave.flush()
    await navigate('/workflows', { state: { remove: { id, name } } })
  }
  return (
    <>
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <ActionIcon variant="subtle" size={36} aria-label="More for this workflow" className={classes.menu}>
            <IconDots size={19} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayEdit && (
            <>
              <Menu.Item leftSection={<IconPencil {...size} />} onClick={onRename}>
                Rename
              </Menu.Item>
              <Menu.Item leftSection={<IconCopy {...size} />} onClick={() => void copy()}>
                Duplicate
              </Menu.Item>
            </>
          )}
          <Menu.Item
            leftSection={<IconHistory {...size} />}
            onClick={() => void navigate(`/runs?workflow=${id}`)}
          >
            Its runs
          </Menu.Item>
          {mayEdit && (
            <Menu.Item leftSection={<IconBolt {...size} />} onClick={() => setArming(true)}>
              Keep ready to start…
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item leftSection={<IconDownload {...size} />} onClick={() => void download('yaml')}>
            Export as a file (YAML)
          </Menu.Item>
          <Menu.Item leftSection={<IconTerminal2 {...size} />} onClick={() => void download('shell')}>
            Export as a shell script
          </Menu.Item>
          {mayEdit && (
            <>
              <Menu.Item leftSection={<IconUpload {...size} />} onClick={importFile.choose}>
                Import a workflow
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item color="bad" leftSection={<IconTrash {...size} />} onClick={() => void remove()}>
                Delete
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
        {importFile.field}
      </Menu>
      <ArmedDialog opened={arming} onClose={() => setArming(false)} />
    </>
  )
}
