import { notifications } from '@mantine/notifications'
import { sentence } from '@/api/errors'

/** Says at the foot of the screen what went wrong. */
export function complain(error: unknown): void {
  notifications.show({ color: 'bad', message: sentence(error) })
}
