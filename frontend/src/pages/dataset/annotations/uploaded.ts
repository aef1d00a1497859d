import { subscribe, uploadStates } from '@/uploads/store'

/** The upload was taken away before it was whole. */
export class UploadEnded extends Error {}

/** The server's id of an upload of this page, once all of it is there; UploadEnded when it is given up before. */
export function uploaded(key: number): Promise<string> {
  return new Promise((done, failed) => {
    const look = () => {
      const own = uploadStates().find((each) => each.key === key)
      if (own === undefined) failed(new UploadEnded('The upload was given up.'))
      else if (own.phase === 'finished' && own.id !== null) done(own.id)
      else return
      unsubscribe()
    }
    const unsubscribe = subscribe(look)
    look()
  })
}
