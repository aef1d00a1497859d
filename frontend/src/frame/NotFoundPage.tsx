import { NothingHere } from '@/parts/Messages'

export default function NotFoundPage() {
  return <NothingHere />
}
