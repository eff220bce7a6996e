import {
  type Icon,
  IconAt,
  IconDeviceMobile,
  IconFolder,
  IconFolderUp,
  IconMail,
  IconMailbox,
} from '@tabler/icons-react'
import type { DeliveryRow } from './delivery-list.tsx'

export const CHANNEL_ICONS: Readonly<Record<DeliveryRow['channel'], Icon>> = {
  email: IconAt,
  pec: IconMail,
  folder: IconFolder,
  server: IconFolderUp,
  post: IconMailbox,
  io: IconDeviceMobile,
}
